#![allow(clippy::unimplemented, unused_variables, dead_code)]
//! Signatures only, so that callers compile while the engine is written. Replaced file by file.
use crate::*;
use std::collections::HashMap;
use uuid::Uuid;

/// The store.
#[derive(Clone, Debug)]
pub struct Store {}

impl Store {
    /// Opens `sqlite:PATH`, `sqlite::memory:` or `postgres://…`.
    pub async fn connect(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        unimplemented!()
    }
    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        unimplemented!()
    }
    /// Schema version of the database and of this program.
    pub async fn schema_state(&self) -> Result<SchemaState, StoreError> {
        unimplemented!()
    }
    /// Database size.
    pub async fn size_bytes(&self) -> Result<u64, StoreError> {
        unimplemented!()
    }
    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        unimplemented!()
    }
    /// Which engine.
    pub fn engine_name(&self) -> &'static str {
        unimplemented!()
    }
    /// Closes all connections (SQLite: checkpoints the WAL).
    pub async fn close(&self) {
        unimplemented!()
    }

    /// Feed position.
    pub async fn current_seq(&self) -> Result<Seq, StoreError> {
        unimplemented!()
    }
    /// What changed after `seq`, at most about `limit` rows (never splits one transaction).
    pub async fn changes_since(&self, seq: Seq, limit: usize) -> Result<Changes, StoreError> {
        unimplemented!()
    }
    /// Every entity, in chunks of about 1,000 ordered by id; returns the position to follow from.
    pub async fn load_all(
        &self,
        each: impl FnMut(Vec<StoredEntity>) + Send,
    ) -> Result<Seq, StoreError> {
        unimplemented!()
    }
    /// Notifications of commits, of this and (PostgreSQL) other processes.
    pub async fn listen(&self) -> Result<FeedListener, StoreError> {
        unimplemented!()
    }
    /// Forgets tombstones but the newest `keep` positions.
    pub async fn prune_tombstones(&self, keep: Seq) -> Result<u64, StoreError> {
        unimplemented!()
    }

    /// Makes the configured roots exactly these; true when edges changed.
    pub async fn sync_roots(&self, roots: Vec<SourceKey>, now: Millis) -> Result<bool, StoreError> {
        unimplemented!()
    }
    /// Leases due sources.
    pub async fn claim_due(
        &self,
        owner: &str,
        now: Millis,
        lease_ms: i64,
        limit: usize,
    ) -> Result<Vec<ClaimedSource>, StoreError> {
        unimplemented!()
    }
    /// When the next source is due.
    pub async fn next_due(&self, now: Millis) -> Result<Option<Millis>, StoreError> {
        unimplemented!()
    }
    /// Releases unchanged sources.
    pub async fn touch_unchanged(
        &self,
        sources: Vec<(String, Millis)>,
        owner: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        unimplemented!()
    }
    /// Writes what one source delivered.
    pub async fn commit_source(&self, commit: SourceCommit) -> Result<CommitSummary, StoreError> {
        unimplemented!()
    }
    /// Writes what several sources delivered in one transaction (much faster for many small
    /// sources); `None` for a source whose lease was lost.
    pub async fn commit_sources(
        &self,
        commits: Vec<SourceCommit>,
    ) -> Result<Vec<Option<CommitSummary>>, StoreError> {
        unimplemented!()
    }
    /// Extends all leases of `owner`.
    pub async fn renew_leases(&self, owner: &str, until: Millis) -> Result<u64, StoreError> {
        unimplemented!()
    }
    /// Gives back all leases of `owner`.
    pub async fn release_all(&self, owner: &str) -> Result<u64, StoreError> {
        unimplemented!()
    }
    /// SQLite: clears every lease (this is the only process). PostgreSQL: does nothing.
    pub async fn release_abandoned(&self) -> Result<u64, StoreError> {
        unimplemented!()
    }
    /// Makes sources due now. `force`: read fully even when unchanged.
    pub async fn make_due(
        &self,
        source_ids: Vec<String>,
        force: bool,
        now: Millis,
    ) -> Result<u64, StoreError> {
        unimplemented!()
    }
    /// Makes the sources due that depend on one of these URLs (always forced).
    pub async fn make_due_by_refresh_key(
        &self,
        urls: Vec<String>,
        now: Millis,
    ) -> Result<u64, StoreError> {
        unimplemented!()
    }
    /// Makes the sources due whose target starts with `prefix`.
    pub async fn make_due_by_target_prefix(
        &self,
        kind: &str,
        prefix: &str,
        force: bool,
        now: Millis,
    ) -> Result<u64, StoreError> {
        unimplemented!()
    }
    /// Removes what no root reaches; returns the removed (or orphaned) refs.
    pub async fn remove_unreachable(
        &self,
        delete_orphans: bool,
        now: Millis,
    ) -> Result<Vec<String>, StoreError> {
        unimplemented!()
    }
    /// Sources, with the total.
    pub async fn source_statuses(
        &self,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<SourceStatus>, u64), StoreError> {
        unimplemented!()
    }
    /// One source by kind and target.
    pub async fn source_by_key(&self, key: &SourceKey) -> Result<Option<SourceStatus>, StoreError> {
        unimplemented!()
    }
    /// The source an entity comes from, and those that lost a conflict over it.
    pub async fn sources_of_entity(&self, entity_ref: &str) -> Result<Vec<String>, StoreError> {
        unimplemented!()
    }
    /// Where an entity comes from.
    pub async fn origin(&self, entity_ref: &str) -> Result<Option<EntityOrigin>, StoreError> {
        unimplemented!()
    }
    /// The immediate parents of the source of an entity.
    pub async fn parents(&self, entity_ref: &str) -> Result<Vec<EntityParent>, StoreError> {
        unimplemented!()
    }
    /// Problems and their total.
    pub async fn problems(
        &self,
        filter: &ProblemFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<(SourceKey, Problem)>, u64), StoreError> {
        unimplemented!()
    }

    /// Document texts by id, missing ones absent.
    pub async fn documents(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, StoreError> {
        unimplemented!()
    }
    /// One entity.
    pub async fn entity_by_ref(
        &self,
        entity_ref: &str,
    ) -> Result<Option<StoredEntity>, StoreError> {
        unimplemented!()
    }
    /// Deletes one entity.
    pub async fn delete_entity(
        &self,
        entity_ref: &str,
        audit: &AuditEvent,
        now: Millis,
    ) -> Result<Option<DeletedEntity>, StoreError> {
        unimplemented!()
    }

    /// Registers a location; true when it existed already (then nothing is written).
    pub async fn add_location(
        &self,
        key: &SourceKey,
        created_by: Option<&str>,
        audit: &AuditEvent,
        now: Millis,
    ) -> Result<(LocationRow, bool), StoreError> {
        unimplemented!()
    }
    /// All registered locations, oldest first.
    pub async fn list_locations(&self) -> Result<Vec<LocationRow>, StoreError> {
        unimplemented!()
    }
    /// One location.
    pub async fn get_location(&self, id: Uuid) -> Result<Option<LocationRow>, StoreError> {
        unimplemented!()
    }
    /// One location by type and target.
    pub async fn location_by_key(
        &self,
        key: &SourceKey,
    ) -> Result<Option<LocationRow>, StoreError> {
        unimplemented!()
    }
    /// Forgets a location; run [`Store::remove_unreachable`] after it. False when there was none.
    pub async fn remove_location(&self, id: Uuid, audit: &AuditEvent) -> Result<bool, StoreError> {
        unimplemented!()
    }

    /// Appends to the audit log.
    pub async fn append_audit(&self, event: &AuditEvent) -> Result<(), StoreError> {
        unimplemented!()
    }
    /// The audit log, newest first, with the total.
    pub async fn audit_events(
        &self,
        filter: &AuditFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<AuditEvent>, u64), StoreError> {
        unimplemented!()
    }

    /// All settings of one user in one bucket.
    pub async fn get_settings(
        &self,
        user_ref: &str,
        bucket: &str,
    ) -> Result<Vec<(String, serde_json::Value)>, StoreError> {
        unimplemented!()
    }
    /// Writes a setting.
    pub async fn put_setting(
        &self,
        user_ref: &str,
        bucket: &str,
        key: &str,
        value: &serde_json::Value,
    ) -> Result<(), StoreError> {
        unimplemented!()
    }
    /// Deletes a setting.
    pub async fn delete_setting(
        &self,
        user_ref: &str,
        bucket: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        unimplemented!()
    }
    /// A random secret shared by all replicas, generated by the first that asks.
    pub async fn secret(
        &self,
        name: &str,
        generate: fn() -> Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        unimplemented!()
    }
}

/// Wakes when something was committed.
#[derive(Debug)]
pub struct FeedListener {}

impl FeedListener {
    /// Waits for the next commit (or a reconnect) and returns a feed position worth reading up to.
    pub async fn recv(&mut self) -> Result<Seq, StoreError> {
        unimplemented!()
    }
}
