//! What each source reads, for finding those that a change outside affects.

use crate::{SourceDependency, SourceKey, Store, StoreError, engine::fetch_all};

#[derive(sqlx::FromRow)]
struct DependencyRow {
    id: String,
    kind: String,
    target: String,
    url: Option<String>,
}

impl Store {
    /// Every source with the files its placeholders take text from.
    pub async fn source_dependencies(&self) -> Result<Vec<SourceDependency>, StoreError> {
        let mut db = self.read().await?;
        let rows: Vec<DependencyRow> = fetch_all!(
            db,
            "select id, kind, target, url
             from source left join refresh_key on refresh_key.source_id = source.id
             order by id, url"
        )?;
        let mut dependencies: Vec<SourceDependency> = Vec::new();
        for row in rows {
            match dependencies.last_mut() {
                Some(last) if last.id == row.id => last.refresh_keys.extend(row.url),
                _ => dependencies.push(SourceDependency {
                    id: row.id,
                    key: SourceKey {
                        kind: row.kind,
                        target: row.target,
                    },
                    refresh_keys: row.url.into_iter().collect(),
                }),
            }
        }
        Ok(dependencies)
    }
}
