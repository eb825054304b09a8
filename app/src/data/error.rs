//! Why a page could not get its data, in words for the person reading it.

use std::fmt;

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// An error of a server function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UiError {
    /// What kind of error it is.
    pub kind: UiErrorKind,
    /// What happened, in one sentence.
    pub message: String,
}

/// The kinds pages treat differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UiErrorKind {
    /// Nobody is signed in.
    SignedOut,
    /// The person may not do this.
    Denied,
    /// What was asked for does not exist.
    NotFound,
    /// What was sent is not acceptable.
    Invalid,
    /// The server failed, or could not be reached.
    Failed,
}

impl UiError {
    /// A failure of the server itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Self {
            kind: UiErrorKind::Failed,
            message: message.into(),
        }
    }
}

impl fmt::Display for UiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UiError {}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::internal(error.to_string())
    }
}
