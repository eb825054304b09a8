//! Ingestion: sources become entities.
//!
//! `worker` claims due sources and keeps the read model current; `read` turns
//! one source into documents and problems; `process` holds the rules for the
//! text of one file; `schedule` says when to read again.

mod annotate;
mod placeholders;
mod process;
mod read;
mod schedule;
mod worker;

pub(crate) use process::{Processed, SourceContext, processing_digest};
pub use worker::Ingestion;
