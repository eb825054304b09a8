//! The records that cross the storage interface.

use std::fmt;

use sha1::{Digest, Sha1};
use uuid::Uuid;

/// Milliseconds since the Unix epoch, UTC. The caller's clock, never the database's.
pub type Millis = i64;

/// Position in the catalog's change feed. Grows with every committed change;
/// all rows of one transaction share one value, and a reader that has seen
/// `n` will never later find a new row at or below `n`.
pub type Seq = i64;

/// What holds a source in the catalog. A source without a parent that can be
/// reached from a configured or registered root is removed with its entities.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SourceParent {
    /// Listed in the configuration.
    Config,
    /// Registered by a person: the id of the `location` row.
    Location(Uuid),
    /// Named by a Location entity: the id of that entity.
    Entity(Uuid),
}

/// A place that catalog files are read from: a type (`file`, `url`, `git`, …) and a target.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceKey {
    /// The location type, for example `url`.
    pub kind: String,
    /// The absolute target, for example `https://github.com/o/r/blob/main/catalog-info.yaml`.
    pub target: String,
}

impl SourceKey {
    /// The id of the source with this key: the sha-1 (hex) of `kind:target`.
    pub fn id(&self) -> String {
        use std::fmt::Write as _;
        Sha1::digest(self.to_string())
            .iter()
            .fold(String::with_capacity(40), |mut hex, byte| {
                // Writing to a string cannot fail.
                let _ = write!(hex, "{byte:02x}");
                hex
            })
    }
}

impl fmt::Display for SourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.target)
    }
}

/// A source that this process may read until the lease ends.
#[derive(Clone, Debug)]
pub struct ClaimedSource {
    /// Row id: the sha-1 (hex) of `kind:target`.
    pub id: String,
    /// Where to read.
    pub key: SourceKey,
    /// What the reader returned last time (`ETag`, commit id, mtime+size); `None` forces a full read.
    pub fingerprint: Option<String>,
    /// Sha-256 (hex) of the content last processed.
    pub content_hash: Option<String>,
    /// Consecutive failed reads before this one.
    pub failures: i32,
    /// True when every parent allows the target to be absent (`presence: optional`).
    pub optional: bool,
    /// The root location this source descends from, as `type:target` (origin location).
    pub origin: String,
}

/// A source that was read and holds what it held before.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct UnchangedSource {
    /// Which one.
    pub id: String,
    /// When to read it again.
    pub next_read_at: Millis,
    /// What the reader returned this time; `None` keeps what it returned before.
    pub fingerprint: Option<String>,
}

/// An entity document as a source delivers it: validated, placeholders resolved.
#[derive(Clone, Debug)]
pub struct EntityDocument {
    /// Full reference, lower-case.
    pub entity_ref: String,
    /// Which document of the source's content, from 0.
    pub doc_index: i32,
    /// First line of the document in the content, from 1.
    pub line: i32,
    /// The JSON text served to clients, without `uid`, `etag`, `relations`, `status`.
    pub document: String,
    /// Sha-256 (hex) of `document`.
    pub hash: String,
    /// Child sources this entity names (Location targets), with `optional` presence.
    pub children: Vec<(SourceKey, bool)>,
}

/// How serious a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The entity is served but something is off.
    Warning,
    /// The document (or the whole source) could not be used; what was there before stays.
    Error,
}

/// Something wrong with a source or one of its documents, told to people.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// Stable code: `yaml`, `validation`, `conflict`, `read`, `rule`, `placeholder`, `location`.
    pub code: String,
    /// How serious it is.
    pub severity: Severity,
    /// The entity it concerns, when that much is known.
    pub entity_ref: Option<String>,
    /// Which document of the content, from 0; `None` for the whole source.
    pub doc_index: Option<i32>,
    /// JSON pointer of the field, for example `/spec/owner`.
    pub pointer: Option<String>,
    /// Line in the file, from 1.
    pub line: Option<i32>,
    /// Column in the file, from 1.
    pub column: Option<i32>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The outcome of reading one source, written in one transaction.
#[derive(Clone, Debug)]
pub struct SourceCommit {
    /// The claimed source's id.
    pub source_id: String,
    /// The lease owner that claimed it; the commit is refused when the lease was lost.
    pub owner: String,
    /// The new fingerprint and content hash; `None` keeps the old ones (after a failed read).
    pub fingerprint: Option<String>,
    /// Sha-256 (hex) of the content.
    pub content_hash: Option<String>,
    /// The content itself, for the source view; `None` keeps the old one.
    pub content: Option<String>,
    /// `Some`: the documents that are in the source now. `None`: it could not be read, keep all.
    pub documents: Option<Vec<EntityDocument>>,
    /// Refs that must not be removed although `documents` lacks them (their document is broken now).
    pub keep_refs: Vec<String>,
    /// Keep every entity of this source that `documents` lacks (a document without a readable ref is broken).
    pub keep_missing: bool,
    /// True: entities that vanished from the source are deleted. False: they stay, marked orphan.
    pub delete_orphans: bool,
    /// All current problems of this source; replaces the earlier ones.
    pub problems: Vec<Problem>,
    /// URLs whose change must re-read this source (`$text` and other placeholder targets).
    pub refresh_keys: Vec<String>,
    /// When to read next.
    pub next_read_at: Millis,
    /// Now.
    pub now: Millis,
    /// Whether the read itself failed (counts `failures` up) or worked (resets it).
    pub failed: bool,
}

/// What a commit changed.
#[derive(Clone, Debug, Default)]
pub struct CommitSummary {
    /// The feed position of this commit, when anything visible changed.
    pub seq: Option<Seq>,
    /// Entities added.
    pub added: usize,
    /// Entities changed.
    pub changed: usize,
    /// Entities removed.
    pub removed: usize,
    /// Refs refused because another source holds them (first wins): `(entity_ref, holder's type:target)`.
    pub conflicts: Vec<(String, String)>,
    /// Whether a child source was added or lost a parent: run [`crate::Store::remove_unreachable`].
    pub edges_changed: bool,
}

/// An entity as the read model loads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StoredEntity {
    /// Stable id (`metadata.uid`).
    pub id: Uuid,
    /// Full reference, lower-case.
    pub entity_ref: String,
    /// The JSON text (see [`EntityDocument::document`]).
    pub document: String,
    /// Hash of the document.
    pub hash: String,
    /// Current problems of this entity, as JSON array of [`Problem`], or `None`.
    pub problems: Option<String>,
    /// No source delivers it any more, and the orphan strategy is to keep.
    pub orphan: bool,
    /// The source it comes from.
    pub source_id: String,
    /// Feed position of the last change.
    pub seq: Seq,
}

/// One page of the change feed.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Entities added or changed, in feed order.
    pub upserted: Vec<StoredEntity>,
    /// Refs (and ids) removed.
    pub removed: Vec<(Uuid, String)>,
    /// The position reached. Equal to the asked position when there is nothing new.
    pub seq: Seq,
    /// The reader was too far behind: tombstones it needs are gone, load everything again.
    pub reload: bool,
}

/// Where one entity comes from.
#[derive(Clone, Debug)]
pub struct EntityOrigin {
    /// The source's row id.
    pub source_id: String,
    /// Type and target of the source.
    pub key: SourceKey,
    /// First line of the entity's document in the source.
    pub line: i32,
    /// Which document of the source.
    pub doc_index: i32,
    /// When the source was last read with success.
    pub read_at: Option<Millis>,
    /// The content the source had when last read.
    pub content: Option<String>,
}

/// A source with its state, for the sources view and for metrics.
#[derive(Clone, Debug)]
pub struct SourceStatus {
    /// Row id.
    pub id: String,
    /// Type and target.
    pub key: SourceKey,
    /// Last successful read.
    pub read_at: Option<Millis>,
    /// Next planned read.
    pub next_read_at: Millis,
    /// Consecutive failures.
    pub failures: i32,
    /// Entities that come from it.
    pub entities: i64,
    /// Problems it has.
    pub problems: i64,
}

/// A location that a person registered.
#[derive(Clone, Debug)]
pub struct LocationRow {
    /// Row id.
    pub id: Uuid,
    /// Type and target.
    pub key: SourceKey,
    /// Who registered it (user ref), when known.
    pub created_by: Option<String>,
    /// When.
    pub created_at: Millis,
}

/// One line of the append-only audit log.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// When.
    pub at: Millis,
    /// Who: a user ref, `guest:…`, `service:…`, `workload:…`, `local-admin` or `system`.
    pub principal: String,
    /// What: `catalog.location.create`, …
    pub action: String,
    /// On what: an entity ref, a location, …
    pub resource: String,
    /// `allow` or `deny`.
    pub decision: String,
    /// Why it was allowed or denied.
    pub reason: String,
    /// The id of the policy that decided, when one did.
    pub policy: Option<String>,
    /// The address of who asked, when the action came over HTTP.
    pub source: Option<String>,
    /// Request id, when the action came over HTTP.
    pub request_id: Option<String>,
    /// Anything more, as JSON.
    pub details: serde_json::Value,
}

/// How to connect.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// Connections to keep at most (PostgreSQL), or readers (SQLite; there is one writer).
    pub max_connections: u32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { max_connections: 8 }
    }
}

/// Which schema the database has, and which this program brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaState {
    /// Version applied to the database; 0 for an empty one.
    pub current: i64,
    /// Newest version this program knows.
    pub known: i64,
}

/// An immediate parent of the source an entity comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityParent {
    /// What kind of parent, with its id.
    pub parent: SourceParent,
    /// The parent's ref when it is an entity.
    pub entity_ref: Option<String>,
    /// The source in question: of the generated root Location when the parent is a root.
    pub key: SourceKey,
}

/// Which problems to list; empty means all.
#[derive(Clone, Debug, Default)]
pub struct ProblemFilter {
    /// Only those of this entity.
    pub entity_ref: Option<String>,
    /// Only those of this source.
    pub source_id: Option<String>,
    /// None of these: ids of sources, and references of entities. For lists of everything.
    pub hidden: Vec<String>,
}

/// What deleting one entity did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedEntity {
    /// Its id.
    pub id: Uuid,
    /// Whether a child source lost a parent: run [`crate::Store::remove_unreachable`].
    pub edges_changed: bool,
}

/// Which audit events to list; empty means all.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only by this principal.
    pub principal: Option<String>,
    /// Only this action, or the actions below it: `catalog` and `catalog.entity` match
    /// `catalog.entity.delete`.
    pub action: Option<String>,
    /// Only on this resource.
    pub resource: Option<String>,
    /// Only `allow` or only `deny`.
    pub decision: Option<String>,
    /// Only what this policy decided.
    pub policy: Option<String>,
    /// Only from this address.
    pub source: Option<String>,
    /// Only of this request.
    pub request_id: Option<String>,
    /// Only at this time or later.
    pub from: Option<Millis>,
    /// Only before this time.
    pub to: Option<Millis>,
}

/// What a source reads: itself, and the files its placeholders take text from.
#[derive(Clone, Debug)]
pub struct SourceDependency {
    /// Row id of the source.
    pub id: String,
    /// Type and target.
    pub key: SourceKey,
    /// `type:target` of the files its placeholders read.
    pub refresh_keys: Vec<String>,
}
