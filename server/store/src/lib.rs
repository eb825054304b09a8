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

mod error;
mod skeleton;
mod types;

pub use error::StoreError;
pub use skeleton::{FeedListener, Store};
pub use types::*;
