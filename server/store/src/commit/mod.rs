//! Writing what the reading of sources brought.
//!
//! Everything about one batch of sources happens in one transaction: what they
//! deliver is compared with what they hold ([`plan`]), and only the difference
//! is written, in a fixed number of statements however many documents there are.

mod children;
mod plan;

use std::{borrow::Cow, collections::HashMap};

use serde::Serialize;
use uuid::Uuid;

use crate::{
    CommitSummary, Millis, SourceCommit, SourceKey, Store, StoreError,
    content::compress,
    engine::{
        Write,
        bulk::{self, ContentRow},
        execute, fetch_all, json, sql, storable,
    },
    entities,
    error::expect_rows,
    sources,
};
use plan::{Existing, Holder, Plan, ProblemRow};

/// What the lease check needs of a commit, and what it writes when the lease holds.
#[derive(Serialize)]
struct LeaseRow<'a> {
    id: &'a str,
    owner: &'a str,
    fingerprint: Option<&'a str>,
    content_hash: Option<&'a str>,
    failed: bool,
    next_read_at: Millis,
    now: Millis,
}

#[derive(Serialize)]
struct RefreshKeyRow<'a> {
    source_id: &'a str,
    url: Cow<'a, str>,
}

/// A commit whose lease holds.
pub(crate) struct Accepted {
    pub(crate) commit: SourceCommit,
    pub(crate) key: SourceKey,
    pub(crate) origin: String,
}

impl Store {
    /// Writes what reading one source brought; see [`Store::commit_sources`].
    pub async fn commit_source(&self, commit: SourceCommit) -> Result<CommitSummary, StoreError> {
        let source_id = commit.source_id.clone();
        let summary = self.commit_sources(vec![commit]).await?.pop().flatten();
        summary.ok_or(StoreError::LostLease { source_id })
    }

    /// Writes what reading some sources brought, in one transaction: much faster than one by
    /// one when the sources are small. The answer is in the order of the commits; `None` where
    /// the lease was lost and nothing was written.
    pub async fn commit_sources(
        &self,
        commits: Vec<SourceCommit>,
    ) -> Result<Vec<Option<CommitSummary>>, StoreError> {
        let order: Vec<String> = commits
            .iter()
            .map(|commit| commit.source_id.clone())
            .collect();
        let mut write = self.write().await?;
        let accepted = end_leases(&mut write, commits).await?;
        let mut summaries = apply(&mut write, &accepted).await?;
        let seq = write.changed();
        write.commit(self).await?;
        for summary in summaries.values_mut() {
            summary.seq = summary.seq.and(seq);
        }
        Ok(order
            .iter()
            .map(|source_id| summaries.remove(source_id))
            .collect())
    }
}

/// Ends the leases and notes the outcome of the reads; commits without a lease are dropped.
async fn end_leases(
    write: &mut Write,
    commits: Vec<SourceCommit>,
) -> Result<Vec<Accepted>, StoreError> {
    let rows: Vec<LeaseRow<'_>> = commits
        .iter()
        .map(|commit| LeaseRow {
            id: &commit.source_id,
            owner: &commit.owner,
            fingerprint: commit.fingerprint.as_deref(),
            content_hash: commit.content_hash.as_deref(),
            failed: commit.failed,
            next_read_at: commit.next_read_at,
            now: commit.now,
        })
        .collect();
    let held: Vec<(String, String, String, String)> = fetch_all!(
        write,
        sql!["update source set
                  fingerprint = case when wanted = 2 then null
                      else coalesce(v.value ->> 'fingerprint', fingerprint) end,
                  content_hash = case when wanted = 2 then null
                      else coalesce(v.value ->> 'content_hash', content_hash) end,
                  failures = case when cast(v.value ->> 'failed' as boolean)
                      then failures + 1 else 0 end,
                  read_at = case when cast(v.value ->> 'failed' as boolean)
                      then read_at else cast(v.value ->> 'now' as bigint) end,
                  next_read_at = case when wanted > 0 then cast(v.value ->> 'now' as bigint)
                      else cast(v.value ->> 'next_read_at' as bigint) end,
                  lease_owner = null, lease_until = null
              from " ROWS " as v
              where source.id = v.value ->> 'id' and lease_owner = v.value ->> 'owner'
              returning source.id, source.kind, source.target, source.origin"],
        json(&rows)?
    )?;
    let mut held: HashMap<String, (SourceKey, String)> = held
        .into_iter()
        .map(|(id, kind, target, origin)| (id, (SourceKey { kind, target }, origin)))
        .collect();
    Ok(commits
        .into_iter()
        .filter_map(|commit| {
            let (key, origin) = held.remove(&commit.source_id)?;
            Some(Accepted {
                commit,
                key,
                origin,
            })
        })
        .collect())
}

async fn apply(
    write: &mut Write,
    accepted: &[Accepted],
) -> Result<HashMap<String, CommitSummary>, StoreError> {
    let Some(now) = accepted.iter().map(|source| source.commit.now).max() else {
        return Ok(HashMap::new());
    };
    let ids: Vec<&str> = accepted
        .iter()
        .map(|source| source.commit.source_id.as_str())
        .collect();
    let ids = json(&ids)?;
    let existing: Vec<Existing> = fetch_all!(
        write,
        sql!["select id, entity_ref, source_id, hash, problems, doc_index, line, orphan
              from entity where source_id in " LIST],
        &ids
    )?;
    let wanted = plan::refs_of_others(accepted, &existing);
    let holders: Vec<Holder> = if wanted.is_empty() {
        Vec::new()
    } else {
        fetch_all!(
            write,
            sql!["select entity.id, entity_ref, source_id, orphan, kind, target
                  from entity join source on source.id = entity.source_id
                  where entity_ref in " LIST],
            json(&wanted)?
        )?
    };
    let mut plan = Plan::new(accepted, &existing, &holders, Uuid::now_v7)?;

    let edges = children::diff(write, accepted, &mut plan).await?;
    edges.drop_lost(write).await?;
    forget_problems(write, accepted).await?;
    entities::remove(write, &plan.deleted).await?;
    let freed: Vec<&str> = plan.deleted.iter().chain(&plan.orphaned).copied().collect();
    sources::wake_losers(write, &freed, now).await?;
    if !plan.upserts.is_empty() {
        let seq = write.seq();
        bulk::upsert_entities(write.conn(), &plan.upserts, seq).await?;
    }
    patch_entities(write, &plan).await?;
    add_problems(write, &plan.problems).await?;
    replace_refresh_keys(write, accepted).await?;
    store_contents(write, accepted).await?;
    edges.add_new(write, now).await?;

    Ok(plan.summaries)
}

/// Entities whose document is as it was, but not what is known about it.
async fn patch_entities(write: &mut Write, plan: &Plan<'_>) -> Result<(), StoreError> {
    if plan.patches.is_empty() {
        return Ok(());
    }
    let visible = plan.patches.iter().any(|patch| patch.visible);
    let seq = if visible { write.seq() } else { 0 };
    let patched = execute!(
        write,
        sql!["update entity set problems = v.value ->> 'problems',
                  orphan = cast(v.value ->> 'orphan' as boolean),
                  doc_index = cast(v.value ->> 'doc_index' as integer),
                  line = cast(v.value ->> 'line' as integer),
                  seq = case when cast(v.value ->> 'visible' as boolean) then $2
                      else entity.seq end
              from " ROWS " as v where entity.entity_ref = v.value ->> 'entity_ref'"],
        json(&plan.patches)?,
        seq
    )?;
    expect_rows("patching entities", plan.patches.len(), patched)
}

/// A conflict stays true while the source cannot be read, so those rows stay then.
async fn forget_problems(write: &mut Write, accepted: &[Accepted]) -> Result<(), StoreError> {
    let (read, unread): (Vec<&Accepted>, Vec<&Accepted>) = accepted
        .iter()
        .partition(|source| source.commit.documents.is_some());
    if !read.is_empty() {
        execute!(
            write,
            sql!["delete from problem where source_id in " LIST],
            json(&ids_of(&read))?
        )?;
    }
    if !unread.is_empty() {
        execute!(
            write,
            sql!["delete from problem where code <> 'conflict' and source_id in " LIST],
            json(&ids_of(&unread))?
        )?;
    }
    Ok(())
}

async fn add_problems(write: &mut Write, rows: &[ProblemRow]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    execute!(
        write,
        sql!["insert into problem (source_id, code, entity_ref, body)
              select v.value ->> 'source_id', v.value ->> 'code', v.value ->> 'entity_ref',
                     v.value ->> 'body'
              from " ROWS " as v"],
        json(rows)?
    )?;
    Ok(())
}

async fn replace_refresh_keys(write: &mut Write, accepted: &[Accepted]) -> Result<(), StoreError> {
    let read: Vec<&Accepted> = accepted
        .iter()
        .filter(|source| source.commit.documents.is_some())
        .collect();
    if read.is_empty() {
        return Ok(());
    }
    execute!(
        write,
        sql!["delete from refresh_key where source_id in " LIST],
        json(&ids_of(&read))?
    )?;
    let rows: Vec<RefreshKeyRow<'_>> = read
        .iter()
        .flat_map(|source| {
            let commit = &source.commit;
            commit.refresh_keys.iter().map(|url| RefreshKeyRow {
                source_id: &commit.source_id,
                url: storable(url),
            })
        })
        .collect();
    if !rows.is_empty() {
        execute!(
            write,
            sql!["insert into refresh_key (source_id, url)
                  select v.value ->> 'source_id', v.value ->> 'url' from " ROWS " as v where true
                  on conflict do nothing"],
            json(&rows)?
        )?;
    }
    Ok(())
}

async fn store_contents(write: &mut Write, accepted: &[Accepted]) -> Result<(), StoreError> {
    let rows: Vec<ContentRow<'_>> = accepted
        .iter()
        .filter_map(|source| {
            let content = source.commit.content.as_deref()?;
            Some(ContentRow {
                source_id: &source.commit.source_id,
                content: compress(content),
            })
        })
        .collect();
    bulk::upsert_contents(write.conn(), &rows).await?;
    Ok(())
}

fn ids_of<'a>(sources: &[&'a Accepted]) -> Vec<&'a str> {
    sources
        .iter()
        .map(|source| source.commit.source_id.as_str())
        .collect()
}
