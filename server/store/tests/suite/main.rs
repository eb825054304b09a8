//! The store's tests, each on both engines, through the public interface.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod audit;
mod audit_chain;
mod audit_truncation;
mod change_requests;
mod claim;
mod commit;
mod conflict;
mod content;
mod feed;
mod fixture;
mod locations;
mod migrate;
mod once;
mod plugin_state;
mod reach;
mod removal;
mod settings;
