//! What pages read: server functions and the values they answer with.
//!
//! Every server function asks its service with the request's principal; none
//! decides by itself. They live under `/_ui`, beside the public REST API.

pub mod api_reference;
pub mod audit;
pub mod catalog;
mod codec;
pub mod drafts;
pub mod entity;
mod error;
pub mod fields;
pub mod find;
#[cfg(feature = "ssr")]
mod highlight;
pub mod home;
pub mod hover;
#[cfg(feature = "ssr")]
mod markdown;
pub mod plugins;
pub mod policies;
pub mod register;
pub mod repositories;
pub mod search;
pub mod session;
pub mod sessions;
pub mod sources;
pub mod stars;
mod summary;
pub mod tasks;
pub mod templates;
pub mod tokens;

pub(crate) use codec::Json;
pub use entity::ProblemView;
pub use error::{UiError, UiErrorKind};
pub use summary::{EntityLabel, EntitySummary, reference};

/// The server functions that answer anybody: what the sign-in page offers, and the description
/// of the API. The others take somebody who is signed in.
#[cfg(feature = "ssr")]
pub const FOR_ANYBODY: [&str; 3] = [
    "/_ui/sign-in-choices",
    "/_ui/sign-in-providers",
    "/_ui/api-reference",
];

/// The context of the request being answered.
#[cfg(feature = "ssr")]
pub(crate) fn server_context() -> Result<crate::ServerContext, UiError> {
    leptos::prelude::use_context().ok_or_else(|| UiError::internal("no server context"))
}

/// Milliseconds since the Unix epoch by the server's clock.
#[cfg(feature = "ssr")]
pub(crate) fn now_millis() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_millis() as i64)
}
