//! What the roots still hold.
//!
//! Roots (configured, registered) hold sources; Location entities in a source
//! hold more. Walking from the roots, instead of counting parents, is right in
//! cycles too: sources that only hold each other are not reached.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::{
    Millis, Store, StoreError,
    engine::{Write, execute, fetch_all, json, sql},
    entities,
    sources::{PARKED, WANTED_IN_FULL, wake_losers},
};

#[derive(sqlx::FromRow)]
struct SourceRow {
    id: String,
    key: String,
    origin: String,
}

/// `parent` is the source that holds the child, `None` for a root.
#[derive(sqlx::FromRow)]
struct EdgeRow {
    child: String,
    parent: Option<String>,
}

/// A source that now descends from another root.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Moved<'a> {
    id: &'a str,
    origin: &'a str,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Reach<'a> {
    unreachable: Vec<&'a str>,
    moved: Vec<Moved<'a>>,
}

impl Store {
    /// Removes the sources that no root holds any more: their entities are deleted, or kept
    /// and marked as orphans. Sources that now descend from another root are read again, for
    /// their entities name it. Returns the refs that were removed or orphaned.
    pub async fn remove_unreachable(
        &self,
        delete_orphans: bool,
        now: Millis,
    ) -> Result<Vec<String>, StoreError> {
        let mut write = self.write().await?;
        let sources: Vec<SourceRow> = fetch_all!(
            write,
            "select id, kind || ':' || target as key, origin from source order by id"
        )?;
        let edges: Vec<EdgeRow> = fetch_all!(
            write,
            "select edge.source_id as child, entity.source_id as parent
             from edge left join entity
                 on edge.parent_kind = 'entity' and entity.id = edge.parent
             where edge.parent_kind <> 'entity' or entity.id is not null"
        )?;
        let reach = walk(&sources, &edges);
        let refs = if reach.unreachable.is_empty() {
            Vec::new()
        } else {
            let ids = json(&reach.unreachable)?;
            if delete_orphans {
                delete(&mut write, &ids, now).await?
            } else {
                orphan(&mut write, &ids, now).await?
            }
        };
        if !reach.moved.is_empty() {
            execute!(
                write,
                sql!["update source set origin = v.value ->> 'origin', next_read_at = $2,
                          wanted = $3, fingerprint = null, content_hash = null
                      from " ROWS " as v where source.id = v.value ->> 'id'"],
                json(&reach.moved)?,
                now,
                WANTED_IN_FULL
            )?;
        }
        write.commit(self).await?;
        Ok(refs)
    }
}

async fn delete(write: &mut Write, ids: &str, now: Millis) -> Result<Vec<String>, StoreError> {
    let refs = refs(fetch_all!(
        write,
        sql!["select entity_ref from entity where source_id in " LIST " order by entity_ref"],
        ids
    )?);
    let list: Vec<&str> = refs.iter().map(String::as_str).collect();
    entities::remove(write, &list).await?;
    execute!(write, sql!["delete from source where id in " LIST], ids)?;
    wake_losers(write, &list, now).await?;
    Ok(refs)
}

/// The sources stay for the entities that stay, but nobody reads them.
async fn orphan(write: &mut Write, ids: &str, now: Millis) -> Result<Vec<String>, StoreError> {
    let refs = refs(fetch_all!(
        write,
        sql!["select entity_ref from entity
              where not orphan and source_id in " LIST " order by entity_ref"],
        ids
    )?);
    let list: Vec<&str> = refs.iter().map(String::as_str).collect();
    if !refs.is_empty() {
        let seq = write.seq();
        execute!(
            write,
            sql!["update entity set orphan = $2, problems = null, seq = $3
                  where entity_ref in " LIST],
            json(&list)?,
            true,
            seq
        )?;
    }
    execute!(
        write,
        sql!["delete from source where id in " LIST
             " and not exists (select 1 from entity where entity.source_id = source.id)"],
        ids
    )?;
    execute!(
        write,
        sql!["delete from problem where source_id in " LIST],
        ids
    )?;
    execute!(
        write,
        sql!["delete from edge where parent_kind = 'entity' and parent in
              (select id from entity where source_id in " LIST ")"],
        ids
    )?;
    execute!(
        write,
        sql!["update source set next_read_at = $2, lease_owner = null, lease_until = null
              where id in " LIST],
        ids,
        PARKED
    )?;
    wake_losers(write, &list, now).await?;
    Ok(refs)
}

fn refs(rows: Vec<(String,)>) -> Vec<String> {
    rows.into_iter().map(|(entity_ref,)| entity_ref).collect()
}

/// Walks from the roots. A source keeps the origin it has while that root still reaches it
/// (through sources of the same origin); otherwise it takes that of the first parent found.
fn walk<'a>(sources: &'a [SourceRow], edges: &'a [EdgeRow]) -> Reach<'a> {
    let by_id: HashMap<&str, &SourceRow> = sources
        .iter()
        .map(|source| (source.id.as_str(), source))
        .collect();
    let mut children: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut roots: HashSet<&str> = HashSet::new();
    for edge in edges {
        match &edge.parent {
            Some(parent) => children.entry(parent).or_default().push(&edge.child),
            None => {
                roots.insert(&edge.child);
            }
        }
    }
    let children_of = |id: &str| children.get(id).into_iter().flatten().copied();

    let mut origins: HashMap<&str, &str> = HashMap::new();
    let mut queue: Vec<&str> = Vec::new();
    for root in sources
        .iter()
        .filter(|source| roots.contains(source.id.as_str()))
    {
        if root.origin == root.key {
            origins.insert(&root.id, &root.key);
            queue.push(&root.id);
        }
    }
    while let Some(id) = queue.pop() {
        for child in children_of(id) {
            let same = by_id
                .get(child)
                .zip(by_id.get(id))
                .filter(|(c, p)| c.origin == p.origin);
            if let Some((child, _)) = same
                && origins.insert(&child.id, &child.origin).is_none()
            {
                queue.push(&child.id);
            }
        }
    }

    // Roots first, in a fixed order: two processes must come to the same answer.
    for root in sources
        .iter()
        .filter(|source| roots.contains(source.id.as_str()))
    {
        origins.entry(&root.id).or_insert(&root.key);
    }
    let mut queue: Vec<(&str, &str)> = origins.iter().map(|(id, origin)| (*id, *origin)).collect();
    queue.sort_unstable();
    queue.reverse();
    while let Some((id, origin)) = queue.pop() {
        for child in children_of(id) {
            if let Some(child) = by_id.get(child)
                && !origins.contains_key(child.id.as_str())
            {
                origins.insert(&child.id, origin);
                queue.push((&child.id, origin));
            }
        }
    }

    let mut reach = Reach::default();
    for source in sources {
        match origins.get(source.id.as_str()) {
            None => reach.unreachable.push(&source.id),
            Some(origin) if *origin != source.origin => {
                reach.moved.push(Moved {
                    id: &source.id,
                    origin,
                });
            }
            Some(_) => {}
        }
    }
    reach
}
