//! Sessions of browsers. They live in the store, so that they survive restarts, are shared by
//! replicas, and end when somebody says so.

mod cache;
mod manage;
mod seal;
mod secret;
mod start;
mod types;
mod use_session;

pub(crate) use cache::Cache;
pub use secret::SessionSecret;
pub use types::{ActiveSession, EndedSession, NewSession, ProviderTokens, SessionView, Subject};

/// The provider of sessions that began on the development sign-in page.
pub const DEVELOPMENT: &str = "development";
