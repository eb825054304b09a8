//! Storage: one interface, two engines.
//!
//! [`Store`] is what services talk to. SQLite (WAL, embedded default) and
//! PostgreSQL sit behind it; the same SQL text serves both wherever the
//! dialects allow, and the differences live in the `engine` module.
//!
//! What is stored is the truth only: entity documents, the sources they come
//! from, problems, locations, audit events, settings. Everything derived
//! (relations in both directions, search rows, facets) is computed by each
//! process from the documents and kept current through [`Store::changes_since`].
//!
//! Methods are grouped by what they are about, one file each: `connect`,
//! `migrate`, `feed`, `sources` (when each is read), `commit` (what reading one
//! changes), `reach` (what no root holds any more), `removal` (what would go), `status`, `entities`,
//! `locations`, `change_requests`, `plugins`, `tasks`, `sessions`, `tokens`, `audit`, `settings`. Every mutation asked for
//! by a person takes an [`AuditEvent`] and writes it in the same transaction.

mod audit;
mod change_requests;
mod commit;
mod connect;
mod content;
mod dependencies;
mod engine;
mod entities;
mod error;
mod feed;
mod locations;
mod migrate;
mod once;
mod plugins;
mod policies;
mod reach;
mod removal;
mod sessions;
mod settings;
mod sources;
mod status;
mod tasks;
mod tokens;
mod types;

use std::{fmt, sync::Arc};

pub use audit::{AuditBreak, AuditMark, AuditRecord, AuditVerification};
pub use change_requests::*;
pub use error::StoreError;
pub use feed::FeedListener;
pub use plugins::*;
pub use policies::PolicyVersion;
pub use sessions::*;
pub use tasks::*;
pub use tokens::*;
pub use types::*;

/// The database. Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Store {
    inner: Arc<connect::Inner>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("engine", &self.engine_name())
            .finish_non_exhaustive()
    }
}
