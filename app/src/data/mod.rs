//! What pages read: server functions and the values they answer with.
//!
//! Every server function asks its service with the request's principal; none
//! decides by itself. They live under `/_ui`, beside the public REST API.

mod error;
pub mod session;

pub use error::{UiError, UiErrorKind};

/// The context of the request being answered.
#[cfg(feature = "ssr")]
pub(crate) fn server_context() -> Result<crate::ServerContext, UiError> {
    leptos::prelude::use_context().ok_or_else(|| UiError::internal("no server context"))
}
