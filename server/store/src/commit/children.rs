//! The sources that Location entities name.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::{Accepted, plan::Plan};
use crate::{
    Millis, StoreError,
    engine::{Write, execute, fetch_all, json, sql},
    sources::{HeldSource, hold},
};

/// An edge in the database: an entity holds a source.
#[derive(Debug, sqlx::FromRow)]
struct Edge {
    parent_ref: String,
    child: String,
    optional: bool,
}

#[derive(Serialize)]
struct LostRow {
    parent: String,
    child: String,
}

#[derive(Serialize)]
struct NewRow<'a> {
    parent: &'a str,
    child: String,
    optional: bool,
}

/// How the edges of a batch change.
pub(super) struct Edges<'a> {
    lost: Vec<LostRow>,
    new: Vec<NewRow<'a>>,
    sources: Vec<HeldSource<'a>>,
}

/// Compares the children that the delivered documents name with the edges there are.
pub(super) async fn diff<'a>(
    write: &mut Write,
    accepted: &'a [Accepted],
    plan: &mut Plan<'a>,
) -> Result<Edges<'a>, StoreError> {
    let parents: HashSet<&str> = accepted
        .iter()
        .map(|source| source.commit.source_id.as_str())
        .chain(plan.taken_from.iter().copied())
        .collect();
    let stored: Vec<Edge> = fetch_all!(
        write,
        sql!["select entity.entity_ref as parent_ref, edge.source_id as child, edge.optional
              from entity join edge on edge.parent = entity.id
              where edge.parent_kind = 'entity' and entity.source_id in " LIST],
        json(&parents)?
    )?;
    let mut stored: HashMap<(String, String), bool> = stored
        .into_iter()
        .map(|edge| ((edge.parent_ref, edge.child), edge.optional))
        .collect();

    let mut edges = Edges {
        lost: Vec::new(),
        new: Vec::new(),
        sources: Vec::new(),
    };
    for &(source, document) in &plan.delivered {
        for (key, optional) in &document.children {
            let child = key.id();
            let before = stored.remove(&(document.entity_ref.clone(), child.clone()));
            if before == Some(*optional) {
                continue;
            }
            if before.is_none() {
                mark_changed(plan.summaries.get_mut(source.commit.source_id.as_str()));
            }
            edges.sources.push(HeldSource::new(key, &source.origin));
            edges.new.push(NewRow {
                parent: &document.entity_ref,
                child,
                optional: *optional,
            });
        }
    }

    // Of the edges left over, those count whose parent was delivered without them or goes.
    let mut parents: HashMap<&str, Option<&str>> = plan
        .deleted
        .iter()
        .chain(&plan.orphaned)
        .map(|parent| (*parent, None))
        .collect();
    parents.extend(plan.delivered.iter().map(|(source, document)| {
        (
            document.entity_ref.as_str(),
            Some(source.commit.source_id.as_str()),
        )
    }));
    for (parent, child) in stored.into_keys() {
        match parents.get(parent.as_str()) {
            None => continue,
            Some(Some(source)) => mark_changed(plan.summaries.get_mut(*source)),
            Some(None) => plan
                .summaries
                .values_mut()
                .for_each(|s| mark_changed(Some(s))),
        }
        edges.lost.push(LostRow { parent, child });
    }
    Ok(edges)
}

impl Edges<'_> {
    /// Removes edges; before their parents are removed.
    pub(super) async fn drop_lost(&self, write: &mut Write) -> Result<(), StoreError> {
        if self.lost.is_empty() {
            return Ok(());
        }
        execute!(
            write,
            sql!["delete from edge where parent_kind = 'entity' and (source_id, parent) in
                  (select v.value ->> 'child', entity.id from " ROWS " as v
                   join entity on entity.entity_ref = v.value ->> 'parent')"],
            json(&self.lost)?
        )?;
        Ok(())
    }

    /// Adds edges and the sources they lead to; after their parents are written.
    pub(super) async fn add_new(&self, write: &mut Write, now: Millis) -> Result<(), StoreError> {
        if self.new.is_empty() {
            return Ok(());
        }
        hold(write, &self.sources, now).await?;
        execute!(
            write,
            sql!["insert into edge (source_id, parent_kind, parent, optional)
                  select v.value ->> 'child', 'entity', entity.id,
                         cast(v.value ->> 'optional' as boolean)
                  from " ROWS " as v join entity on entity.entity_ref = v.value ->> 'parent'
                  where true
                  on conflict (source_id, parent_kind, parent)
                  do update set optional = excluded.optional"],
            json(&self.new)?
        )?;
        Ok(())
    }
}

fn mark_changed(summary: Option<&mut crate::CommitSummary>) {
    if let Some(summary) = summary {
        summary.edges_changed = true;
    }
}
