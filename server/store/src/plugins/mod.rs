//! Plugins: what was handed in, what was decided, what runs, and what they remember.
//!
//! Every change advances `plugin_feed`, whose row is held while one is made: changes
//! take turns, and replicas see by one number whether there is something new.

mod curation;
mod lifecycle;
mod state;
mod versions;

use crate::{
    AuditEvent, Millis, Seq, Store, StoreError, audit,
    engine::{Conn, Tx, execute, fetch_one, sql},
};

pub use state::{StateRefusal, StateValue};
pub use versions::PluginDecision;

/// Which version of a plugin runs.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PluginRow {
    /// Its id.
    pub id: String,
    /// The digest of the version that runs.
    pub active: Option<String>,
    /// The digest of the version that ran before.
    pub previous: Option<String>,
    /// Whether it keeps its version until it is unpinned.
    pub pinned: bool,
    /// Whether it runs no version at all.
    pub disabled: bool,
}

/// One file that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PluginVersionRow {
    /// The digest of its content.
    pub digest: String,
    /// The plugin it is a version of.
    pub plugin_id: String,
    /// A semantic version.
    pub version: String,
    /// `submitted`, `approved`, `rejected` or `revoked`.
    pub status: String,
    /// What inspection said, as JSON.
    pub report: String,
    /// Who handed it in.
    pub submitted_by: String,
    /// When.
    pub submitted_at: Millis,
    /// Who decided last.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Millis>,
    /// Why.
    pub reason: Option<String>,
    /// What it may touch, as JSON; once approved.
    pub grants: Option<String>,
    /// How much it may use, as JSON; once approved.
    pub limits: Option<String>,
    /// Its configuration, as JSON; once approved.
    pub config: Option<String>,
    /// The reference it was fetched by; none when the file itself was handed in.
    pub origin: Option<String>,
}

/// What somebody said of a version.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PluginCommentRow {
    /// Who.
    pub author: String,
    /// When.
    pub at: Millis,
    /// In Markdown.
    pub body: String,
}

/// A key of a publisher.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublisherKeyRow {
    /// The key's id.
    pub id: String,
    /// Whose it is.
    pub publisher: String,
    /// The public key.
    pub key: String,
    /// The namespaces it is good for, as a JSON list; all when empty.
    pub namespaces: String,
    /// Why it is not trusted any more.
    pub revoked: Option<String>,
}

impl Store {
    /// A number that grows with every change to plugins.
    pub async fn plugin_seq(&self) -> Result<Seq, StoreError> {
        let mut db = self.read().await?;
        let (seq,): (Seq,) = fetch_one!(db, "select seq from plugin_feed")?;
        Ok(seq)
    }

    async fn change_plugins(&self) -> Result<Change, StoreError> {
        let mut tx = self.begin().await?;
        let (seq,): (Seq,) = fetch_one!(tx, sql!["select seq from plugin_feed" FOR_UPDATE])?;
        Ok(Change { tx, seq })
    }
}

/// A transaction that changes plugins. It holds the row of `plugin_feed`.
struct Change {
    tx: Tx,
    seq: Seq,
}

impl Change {
    fn conn(&mut self) -> Conn<'_> {
        self.tx.conn()
    }

    async fn commit(mut self, event: &AuditEvent) -> Result<(), StoreError> {
        let next = self.seq + 1;
        execute!(self, "update plugin_feed set seq = $1", next)?;
        audit::append(self.conn(), event).await?;
        self.tx.commit().await
    }
}
