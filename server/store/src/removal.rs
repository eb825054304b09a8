//! What would go, before anything does.
//!
//! The same as [`Store::remove_unreachable`] would find, but looking only below what is to go:
//! all other sources are held by what stays.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use crate::{
    Store, StoreError,
    engine::{fetch_all, fetch_optional, json, sql},
};

/// What holds a source: a root, or an entity of the source `parent`.
#[derive(sqlx::FromRow)]
struct HolderRow {
    child: String,
    holder: Uuid,
    parent: Option<String>,
}

impl Store {
    /// The refs of the entities that only the location with this id brings.
    pub async fn brought_by_location(&self, id: Uuid) -> Result<Vec<String>, StoreError> {
        self.held_by(id).await
    }

    /// The refs of the entities that only this entity brings, itself not among them.
    pub async fn brought_by_entity(&self, entity_ref: &str) -> Result<Vec<String>, StoreError> {
        let mut db = self.read().await?;
        let found: Option<(Uuid,)> = fetch_optional!(
            db,
            "select id from entity where entity_ref = $1",
            entity_ref
        )?;
        drop(db);
        match found {
            Some((id,)) => self.held_by(id).await,
            None => Ok(Vec::new()),
        }
    }

    async fn held_by(&self, holder: Uuid) -> Result<Vec<String>, StoreError> {
        let mut db = self.read().await?;
        let rows: Vec<HolderRow> = fetch_all!(
            db,
            "with recursive below (id) as (
                 select source_id from edge where parent = $1
                 union
                 select edge.source_id from below
                 join entity on entity.source_id = below.id
                 join edge on edge.parent_kind = 'entity' and edge.parent = entity.id
             )
             select edge.source_id as child, edge.parent as holder, entity.source_id as parent
             from below join edge on edge.source_id = below.id
             left join entity on edge.parent_kind = 'entity' and entity.id = edge.parent
             where edge.parent_kind <> 'entity' or entity.id is not null",
            holder
        )?;
        let going = going(&rows, holder);
        if going.is_empty() {
            return Ok(Vec::new());
        }
        let refs: Vec<(String,)> = fetch_all!(
            db,
            sql!["select entity_ref from entity where source_id in " LIST " order by entity_ref"],
            json(&going)?
        )?;
        Ok(refs.into_iter().map(|(entity_ref,)| entity_ref).collect())
    }
}

/// The sources that nothing holds without `gone`.
fn going(rows: &[HolderRow], gone: Uuid) -> Vec<&str> {
    let mut left: BTreeSet<&str> = rows.iter().map(|row| row.child.as_str()).collect();
    let mut children: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut held: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| row.holder != gone) {
        match row.parent.as_deref().filter(|parent| left.contains(parent)) {
            Some(parent) => children.entry(parent).or_default().push(&row.child),
            None => held.push(&row.child),
        }
    }
    while let Some(source) = held.pop() {
        if left.remove(source) {
            held.extend(children.get(source).into_iter().flatten());
        }
    }
    left.into_iter().collect()
}
