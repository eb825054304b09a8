//! Entity documents.

use std::collections::HashMap;

use uuid::Uuid;

use crate::{
    AuditEvent, DeletedEntity, Millis, Store, StoreError, StoredEntity, audit,
    engine::{Write, execute, fetch_all, fetch_optional, json, sql},
    error::expect_rows,
    sources::wake_losers,
};

/// Ids in one statement of [`Store::documents`].
const CHUNK: usize = 1_000;

impl Store {
    /// The documents with these ids. Ids that do not exist (any more) are absent.
    pub async fn documents(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, StoreError> {
        let mut documents = HashMap::with_capacity(ids.len());
        if ids.is_empty() {
            return Ok(documents);
        }
        let mut db = self.read().await?;
        for chunk in ids.chunks(CHUNK) {
            let list: Vec<String> = chunk.iter().map(|id| id.simple().to_string()).collect();
            let rows: Vec<(Uuid, String)> = fetch_all!(
                db,
                sql!["select id, document from entity where id in " UUIDS],
                json(&list)?
            )?;
            documents.extend(rows);
        }
        Ok(documents)
    }

    /// The entity with this ref (lower-case).
    pub async fn entity_by_ref(
        &self,
        entity_ref: &str,
    ) -> Result<Option<StoredEntity>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            "select id, entity_ref, document, hash, problems, orphan, source_id, seq
             from entity where entity_ref = $1",
            entity_ref
        )?)
    }

    /// Deletes one entity. A source that still has its document delivers it again when it is
    /// next read.
    pub async fn delete_entity(
        &self,
        entity_ref: &str,
        audit: &AuditEvent,
        now: Millis,
    ) -> Result<Option<DeletedEntity>, StoreError> {
        let mut write = self.write().await?;
        let found: Option<(Uuid, String)> = fetch_optional!(
            write,
            "select id, source_id from entity where entity_ref = $1",
            entity_ref
        )?;
        let Some((id, source_id)) = found else {
            return Ok(None);
        };
        execute!(
            write,
            "update source set fingerprint = null, content_hash = null where id = $1",
            &source_id
        )?;
        let edges_changed = remove(&mut write, &[entity_ref]).await?;
        wake_losers(&mut write, &[entity_ref], now).await?;
        audit::append(write.conn(), audit).await?;
        write.commit(self).await?;
        Ok(Some(DeletedEntity { id, edges_changed }))
    }
}

/// Removes entities with their edges, and leaves tombstones. True when there were edges.
pub(crate) async fn remove(write: &mut Write, refs: &[&str]) -> Result<bool, StoreError> {
    if refs.is_empty() {
        return Ok(false);
    }
    let list = json(refs)?;
    let seq = write.seq();
    let edges = execute!(
        write,
        sql!["delete from edge where parent_kind = 'entity' and parent in
              (select id from entity where entity_ref in " LIST ")"],
        &list
    )?;
    execute!(
        write,
        sql!["insert into tombstone (seq, entity_id, entity_ref)
              select $2, id, entity_ref from entity where entity_ref in " LIST],
        &list,
        seq
    )?;
    let gone = execute!(
        write,
        sql!["delete from entity where entity_ref in " LIST],
        &list
    )?;
    expect_rows("removing entities", refs.len(), gone)?;
    Ok(edges > 0)
}
