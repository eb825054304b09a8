//! The in-memory read model of the catalog.
//!
//! [`Index`] answers filters, facets, ordered pages and relations without
//! touching the database. It holds what queries look at, not the documents:
//! for each search key the distinct values with the entities that have them
//! (an inverted index over compressed bitmaps), a graph of the relations in
//! both directions, and a short [`Label`] of each entity.
//!
//! The caller guards it with a lock: reads take `&self`, writes `&mut self`.

mod column;
mod columns;
mod facets;
mod field;
mod graph;
mod index;
mod interner;
mod label;
mod order;
mod page;
mod query;
mod reading;
mod relations;
mod select;
mod slot_set;
mod sorted;
mod sorting;
mod values;

#[cfg(test)]
mod reference_tests;

pub use index::Index;
pub use label::Label;
pub use query::{Direction, FullText, Page, Query, SortPosition, Start};

/// The number of an entity in the index.
///
/// Slots are small and dense, so sets of entities are bitmaps of slots. A slot
/// is used again after its entity is removed, always with a newer
/// [version](Index::version).
pub type Slot = u32;
