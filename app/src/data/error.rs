//! Why a page could not get its data, in words for the person reading it.

use std::fmt;

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use super::codec::TextJson;

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

    /// Something the person sent is not acceptable.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self {
            kind: UiErrorKind::Invalid,
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
    type Encoder = TextJson;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::internal(error.to_string())
    }
}

/// From what services say to what pages say.
#[cfg(feature = "ssr")]
mod server {
    use http::{StatusCode, request::Parts};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use portico_access::{Failure, FailureKind};

    use super::{UiError, UiErrorKind};

    impl UiErrorKind {
        /// The status that it is answered with.
        pub(crate) fn status(self) -> StatusCode {
            match self {
                Self::SignedOut => StatusCode::UNAUTHORIZED,
                Self::Denied => StatusCode::FORBIDDEN,
                Self::NotFound => StatusCode::NOT_FOUND,
                Self::Invalid => StatusCode::BAD_REQUEST,
                Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
    }

    impl UiError {
        fn of(failure: &(impl Failure + 'static)) -> Self {
            let kind = match failure.kind() {
                FailureKind::SignedOut => UiErrorKind::SignedOut,
                FailureKind::Denied => UiErrorKind::Denied,
                FailureKind::NotFound => UiErrorKind::NotFound,
                FailureKind::Invalid | FailureKind::Conflict | FailureKind::Refused => {
                    UiErrorKind::Invalid
                }
                FailureKind::Upstream | FailureKind::Unavailable | FailureKind::Internal => {
                    tracing::error!(
                        error = failure as &dyn std::error::Error,
                        "page data failed"
                    );
                    UiErrorKind::Failed
                }
            };
            let message = match kind {
                UiErrorKind::SignedOut => "You are not signed in, or no longer.".to_owned(),
                _ => failure.told(),
            };
            answer_with(kind.status());
            Self { kind, message }
        }
    }

    /// Gives the answer of a server function its status. A page has its own, by what it shows.
    fn answer_with(status: StatusCode) {
        let request = use_context::<Parts>();
        if request.is_some_and(|it| it.uri.path().starts_with("/_ui/"))
            && let Some(response) = use_context::<ResponseOptions>()
        {
            response.set_status(status);
        }
    }

    macro_rules! told_as_they_are {
        ($($error:ty),+ $(,)?) => {$(
            impl From<$error> for UiError {
                fn from(error: $error) -> Self {
                    Self::of(&error)
                }
            }
        )+};
    }

    told_as_they_are!(
        portico_catalog::CatalogError,
        portico_identity::IdentityError,
        portico_plugins::PluginError,
        portico_scm::ScmError,
        portico_tasks::TasksError,
    );
}
