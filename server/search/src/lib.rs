//! Full text over the catalog: ranked, prefix-matching, in memory.
//!
//! [`TextIndex`] keeps, for every word of every document, in which documents
//! and fields it occurs. Each word of a search must begin some word of a
//! document; documents rank by the weight of the field and the rarity of the
//! word, and the one whose name is the search term comes first.

mod dictionary;
mod docs;
mod document;
mod field;
mod highlight;
mod prefix;
mod query;
mod ranking;
mod scoring;
mod sorted_texts;
mod text_index;
mod tokens;

pub use document::SearchDocument;
pub use highlight::highlight;
pub use text_index::{Hit, Hits, TextIndex};
