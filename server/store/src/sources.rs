//! When each source is read, and by whom.

use std::borrow::Cow;

use serde::Serialize;
use uuid::Uuid;

use crate::{
    ClaimedSource, Millis, SourceKey, Store, StoreError, UnchangedSource,
    engine::{Engine, Write, execute, fetch_all, fetch_one, json, sql, storable},
};

/// `next_read_at` of a source that nothing holds: it stays only for its orphaned entities.
pub(crate) const PARKED: Millis = Millis::MAX;

/// `source.wanted`: read again, even if a read goes on now.
const WANTED: i32 = 1;
/// `source.wanted`: read again and ignore the fingerprint.
pub(crate) const WANTED_IN_FULL: i32 = 2;

/// A source that must exist, with what holds it.
#[derive(Serialize)]
pub(crate) struct HeldSource<'a> {
    pub(crate) id: String,
    pub(crate) kind: Cow<'a, str>,
    pub(crate) target: Cow<'a, str>,
    pub(crate) origin: String,
}

impl<'a> HeldSource<'a> {
    /// A source that descends from the root `origin`.
    pub(crate) fn new(key: &'a SourceKey, origin: &str) -> Self {
        Self {
            id: key.id(),
            kind: storable(&key.kind),
            target: storable(&key.target),
            origin: storable(origin).into_owned(),
        }
    }

    /// A source that is a root itself.
    pub(crate) fn root(key: &'a SourceKey) -> Self {
        Self::new(key, &key.to_string())
    }
}

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    id: String,
    kind: String,
    target: String,
    fingerprint: Option<String>,
    content_hash: Option<String>,
    failures: i32,
    optional: bool,
    origin: String,
}

impl Store {
    /// Makes the configured roots exactly these. True when a source got or lost a parent:
    /// run [`Store::remove_unreachable`] then.
    pub async fn sync_roots(
        &self,
        mut roots: Vec<SourceKey>,
        now: Millis,
    ) -> Result<bool, StoreError> {
        roots.sort_by_cached_key(SourceKey::id);
        roots.dedup();
        let mut write = self.write().await?;
        let held: Vec<HeldSource<'_>> = roots.iter().map(HeldSource::root).collect();
        let ids: Vec<&str> = held.iter().map(|source| source.id.as_str()).collect();
        let ids = json(&ids)?;
        let dropped = execute!(
            write,
            sql!["delete from edge where parent_kind = 'config' and source_id not in " LIST],
            &ids
        )?;
        hold(&mut write, &held, now).await?;
        let added = execute!(
            write,
            sql!["insert into edge (source_id, parent_kind, parent, optional)
                  select id, 'config', $2, $3 from source where id in " LIST
                 " on conflict do nothing"],
            &ids,
            Uuid::nil(),
            false
        )?;
        write.commit(self).await?;
        Ok(added + dropped > 0)
    }

    /// Leases at most `limit` due sources to `owner`. No source is ever leased twice: on
    /// PostgreSQL rows another process is claiming are skipped.
    pub async fn claim_due(
        &self,
        owner: &str,
        now: Millis,
        lease_ms: i64,
        limit: usize,
    ) -> Result<Vec<ClaimedSource>, StoreError> {
        let mut tx = self.begin().await?;
        let rows: Vec<ClaimedRow> = fetch_all!(
            tx,
            sql!["with due as materialized (
                      select id from source
                      where next_read_at <= $1 and (lease_until is null or lease_until < $1)
                      order by next_read_at, id limit $2" SKIP_LOCKED "
                  )
                  update source set lease_owner = $3, lease_until = $4, wanted = 0
                  from due where source.id = due.id
                  returning source.id, kind, target, fingerprint, content_hash, failures, origin,
                      not exists (select 1 from edge
                                  where edge.source_id = source.id and not edge.optional)
                      as optional"],
            now,
            limit as i64,
            owner,
            now + lease_ms
        )?;
        tx.commit().await?;
        Ok(rows.into_iter().map(ClaimedSource::from).collect())
    }

    /// When the next source is due (or a lease of a vanished process runs out).
    pub async fn next_due(&self, now: Millis) -> Result<Option<Millis>, StoreError> {
        let mut db = self.read().await?;
        let (due,): (Option<Millis>,) = fetch_one!(
            db,
            "select min(case when lease_until >= $1 then lease_until + 1 else next_read_at end)
             from source where next_read_at < $2",
            now,
            PARKED
        )?;
        Ok(due)
    }

    /// Gives back sources that were read and had not changed.
    /// Sources whose lease was lost are left alone.
    pub async fn touch_unchanged(
        &self,
        sources: Vec<UnchangedSource>,
        owner: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        if sources.is_empty() {
            return Ok(());
        }
        let mut write = self.write().await?;
        execute!(
            write,
            sql!["update source set failures = 0, read_at = $2,
                      fingerprint = case when wanted = 2 then null
                          else coalesce(v.value ->> 'fingerprint', fingerprint) end,
                      next_read_at = case when wanted > 0 then $2
                          else cast(v.value ->> 'next_read_at' as bigint) end,
                      lease_owner = null, lease_until = null
                  from " ROWS " as v
                  where source.id = v.value ->> 'id' and lease_owner = $3"],
            json(&sources)?,
            now,
            owner
        )?;
        write.commit(self).await
    }

    /// Extends every lease of `owner`.
    pub async fn renew_leases(&self, owner: &str, until: Millis) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let renewed = execute!(
            write,
            "update source set lease_until = $2 where lease_owner = $1",
            owner,
            until
        )?;
        write.commit(self).await?;
        Ok(renewed)
    }

    /// Gives back every lease of `owner`; the sources are due as they were.
    pub async fn release_all(&self, owner: &str) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let released = execute!(
            write,
            "update source set lease_owner = null, lease_until = null where lease_owner = $1",
            owner
        )?;
        write.commit(self).await?;
        Ok(released)
    }

    /// At start: gives back the leases of a process that was killed, on sources and on tasks. Only SQLite can know
    /// that there is no other process; on PostgreSQL leases run out by themselves.
    pub async fn release_abandoned(&self) -> Result<u64, StoreError> {
        if matches!(self.engine(), Engine::Postgres(_)) {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let released = execute!(
            tx,
            "update source set lease_owner = null, lease_until = null
             where lease_owner is not null"
        )?;
        execute!(
            tx,
            "update task set lease_owner = null, lease_until = 0, lease_token = lease_token + 1
             where lease_owner is not null and status = 'processing'"
        )?;
        tx.commit().await?;
        Ok(released)
    }

    /// Makes sources due now; `force` has them read in full even when nothing changed. A
    /// source that is being read at this moment is read again after it.
    pub async fn make_due(
        &self,
        source_ids: Vec<String>,
        force: bool,
        now: Millis,
    ) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let count = wake(
            &mut write,
            sql!["update source set next_read_at = $2,
                      wanted = case when wanted > $3 then wanted else $3 end,
                      fingerprint = case when $3 = 2 then null else fingerprint end,
                      content_hash = case when $3 = 2 then null else content_hash end
                  where next_read_at < $4 and id in " LIST],
            json(&source_ids)?,
            force,
            now,
        )
        .await?;
        write.commit(self).await?;
        Ok(count)
    }

    /// Makes the sources due, in full, whose content hash does not begin with `prefix`.
    pub async fn make_due_unless_hashed_by(
        &self,
        prefix: &str,
        now: Millis,
    ) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let count = execute!(
            write,
            "update source set next_read_at = $2, wanted = $3,
                 fingerprint = null, content_hash = null
             where next_read_at < $4 and substr(content_hash, 1, length($1)) <> $1",
            prefix,
            now,
            WANTED_IN_FULL,
            PARKED
        )?;
        write.commit(self).await?;
        Ok(count)
    }

    /// Makes the sources due, in full, that include one of these URLs through a placeholder.
    pub async fn make_due_by_refresh_key(
        &self,
        urls: Vec<String>,
        now: Millis,
    ) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let count = wake(
            &mut write,
            sql!["update source set next_read_at = $2, wanted = $3,
                      fingerprint = null, content_hash = null
                  where next_read_at < $4 and id in
                      (select source_id from refresh_key where url in " LIST ")"],
            json(&urls)?,
            true,
            now,
        )
        .await?;
        write.commit(self).await?;
        Ok(count)
    }

    /// Makes the sources of one kind due whose target starts with `prefix`.
    pub async fn make_due_by_target_prefix(
        &self,
        kind: &str,
        prefix: &str,
        force: bool,
        now: Millis,
    ) -> Result<u64, StoreError> {
        let mut db = self.read().await?;
        let ids: Vec<(String,)> = fetch_all!(
            db,
            "select id from source
             where kind = $1 and substr(target, 1, length($2)) = $2",
            kind,
            prefix
        )?;
        drop(db);
        self.make_due(ids.into_iter().map(|(id,)| id).collect(), force, now)
            .await
    }
}

/// Adds sources that do not exist, due now; takes parked ones back into service.
pub(crate) async fn hold(
    write: &mut Write,
    sources: &[HeldSource<'_>],
    now: Millis,
) -> Result<(), StoreError> {
    if sources.is_empty() {
        return Ok(());
    }
    execute!(
        write,
        sql!["insert into source (id, kind, target, origin, next_read_at)
              select v.value ->> 'id', v.value ->> 'kind', v.value ->> 'target',
                     v.value ->> 'origin', $2
              from " ROWS " as v where true
              on conflict (id) do update set next_read_at = excluded.next_read_at,
                  origin = excluded.origin, fingerprint = null, content_hash = null
              where source.next_read_at = $3"],
        json(sources)?,
        now,
        PARKED
    )?;
    Ok(())
}

/// Makes the sources due, in full, that wait for one of these refs to be let go.
pub(crate) async fn wake_losers(
    write: &mut Write,
    refs: &[&str],
    now: Millis,
) -> Result<(), StoreError> {
    if refs.is_empty() {
        return Ok(());
    }
    wake(
        write,
        sql!["update source set next_read_at = $2, wanted = $3,
                  fingerprint = null, content_hash = null
              where next_read_at < $4 and id in
                  (select source_id from problem where code = 'conflict' and entity_ref in " LIST
             ")"],
        json(refs)?,
        true,
        now,
    )
    .await?;
    Ok(())
}

async fn wake(
    write: &mut Write,
    statement: crate::engine::Sql,
    list: String,
    force: bool,
    now: Millis,
) -> Result<u64, StoreError> {
    let wanted = if force { WANTED_IN_FULL } else { WANTED };
    Ok(execute!(write, statement, list, now, wanted, PARKED)?)
}

impl From<ClaimedRow> for ClaimedSource {
    fn from(row: ClaimedRow) -> Self {
        Self {
            id: row.id,
            key: SourceKey {
                kind: row.kind,
                target: row.target,
            },
            fingerprint: row.fingerprint,
            content_hash: row.content_hash,
            failures: row.failures,
            optional: row.optional,
            origin: row.origin,
        }
    }
}
