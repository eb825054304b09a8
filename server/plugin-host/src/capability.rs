//! The capabilities: each the thin side towards the guest, over a service of the embedder.

mod catalog;
mod clock;
mod config;
mod http;
mod log;
mod paths;
mod random;
mod repository;
mod scm;
mod state;
#[cfg(test)]
mod tests;
mod workspace;

pub use workspace::Workspace;

/// The outer result ends the call, the inner one is for the guest.
type Guest<T> = wasmtime::Result<Result<T, crate::bindings::portico::plugin::types::Error>>;
