//! The one mapping from errors to HTTP answers.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portico_catalog::CatalogError;
use portico_identity::IdentityError;
use portico_plugins::{PluginError, host::LoadError};
use portico_sources::{ReadError, webhooks::WebhookError};
use portico_store::StoreError;
use portico_tasks::ValueProblem;

use crate::problem::Problem;

/// Why a request is not answered as asked. Each variant is one status.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// A service refused or failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A plugin service refused or failed.
    #[error(transparent)]
    Plugin(PluginError),
    /// The request is malformed; the text says what, where and how to fix it.
    #[error("{0}")]
    Input(String),
    /// Values of a form are wrong.
    #[error("{message}")]
    Values {
        /// All of it in one text.
        message: String,
        /// Value by value.
        problems: Vec<ValueProblem>,
    },
    /// The caller's credentials are no good.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// The caller may not do this from where they do it.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The body is larger than the route accepts.
    #[error("the request body is larger than this endpoint accepts")]
    BodyTooLarge,
    /// The body is not JSON by its own account.
    #[error("the request body must be JSON; send the header \"Content-Type: application/json\"")]
    UnsupportedMediaType,
    /// There is nothing at this path.
    #[error("there is no such endpoint; /api/openapi.json lists what there is")]
    NoSuchEndpoint,
    /// The path exists, for other methods.
    #[error(
        "this endpoint does not answer to this method; the Allow header lists those it answers to"
    )]
    MethodNotAllowed,
    /// Something asked for by name is not there.
    #[error("{0} was not found")]
    NotFound(String),
    /// The server cannot answer now.
    #[error("{0}")]
    Unavailable(&'static str),
    /// One address asks too often. How many seconds it should wait.
    #[error("too many requests from this address; try again in {0} s")]
    TooManyRequests(u64),
    /// The answer took too long.
    #[error("the request took longer than {0} s; ask for less, or try again later")]
    Timeout(u64),
    /// A bug.
    #[error("{0}")]
    Internal(String),
}

impl ApiError {
    /// An [`ApiError::Input`] from anything that explains itself.
    pub(crate) fn input(message: impl ToString) -> Self {
        Self::Input(message.to_string())
    }
}

impl From<IdentityError> for ApiError {
    fn from(error: IdentityError) -> Self {
        Self::Catalog(match error {
            IdentityError::Denied(denied) => denied.into(),
            IdentityError::NotFound(what) => CatalogError::NotFound(what),
            IdentityError::Input(message) => CatalogError::Input(message),
            IdentityError::Conflict(message) => CatalogError::Conflict(message),
            IdentityError::Catalog(error) => error,
            IdentityError::Store(error) => error.into(),
            IdentityError::Crypto(_) => return Self::Internal(error.to_string()),
        })
    }
}

impl From<WebhookError> for ApiError {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Unauthorized { .. } => {
                tracing::warn!(%error, "webhook refused");
                Self::Unauthenticated(
                    "the webhook's signature or password is missing or wrong; \
                     compare the secret on both sides",
                )
            }
            WebhookError::Malformed(_) => Self::input(error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, name) = status_and_name(&self);
        if status.is_server_error() {
            log(&self);
        }
        let name = (!matches!(self, Self::NoSuchEndpoint)).then_some(name);
        let mut response = Problem {
            status,
            name,
            detail: detail(&self),
            report: report(&self),
            errors: errors(&self),
        }
        .into_response();
        if let Self::TooManyRequests(seconds) = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn report(error: &ApiError) -> Option<serde_json::Value> {
    match error {
        ApiError::Plugin(PluginError::Refused(report)) => serde_json::to_value(report).ok(),
        _ => None,
    }
}

fn errors(error: &ApiError) -> Option<serde_json::Value> {
    match error {
        ApiError::Values { problems, .. } => serde_json::to_value(problems).ok(),
        _ => None,
    }
}

fn status_and_name(error: &ApiError) -> (StatusCode, &'static str) {
    match error {
        ApiError::Catalog(error) => catalog_status_and_name(error),
        ApiError::Plugin(error) => plugin_status_and_name(error),
        ApiError::Input(_) | ApiError::Values { .. } => (StatusCode::BAD_REQUEST, "InputError"),
        ApiError::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "AuthenticationError"),
        ApiError::Forbidden(_) => (StatusCode::FORBIDDEN, "NotAllowedError"),
        ApiError::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLargeError"),
        ApiError::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "InputError"),
        ApiError::NoSuchEndpoint | ApiError::NotFound(_) => {
            (StatusCode::NOT_FOUND, "NotFoundError")
        }
        ApiError::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "NotAllowedError"),
        ApiError::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailableError"),
        ApiError::TooManyRequests(_) => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsError"),
        ApiError::Timeout(_) => (StatusCode::GATEWAY_TIMEOUT, "ServiceUnavailableError"),
        ApiError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
    }
}

fn catalog_status_and_name(error: &CatalogError) -> (StatusCode, &'static str) {
    match error {
        CatalogError::Denied(denied) if denied.anonymous => {
            (StatusCode::UNAUTHORIZED, "AuthenticationError")
        }
        CatalogError::Denied(_) => (StatusCode::FORBIDDEN, "NotAllowedError"),
        CatalogError::NotFound(_) => (StatusCode::NOT_FOUND, "NotFoundError"),
        CatalogError::Conflict(_) => (StatusCode::CONFLICT, "ConflictError"),
        CatalogError::Read(
            ReadError::RateLimited { .. } | ReadError::Timeout { .. } | ReadError::Failed { .. },
        ) => (StatusCode::BAD_GATEWAY, "InputError"),
        CatalogError::Input(_) | CatalogError::Read(_) => (StatusCode::BAD_REQUEST, "InputError"),
        CatalogError::Store(StoreError::Driver(_)) => {
            (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailableError")
        }
        CatalogError::Store(_) | CatalogError::Inconsistent { .. } => {
            (StatusCode::INTERNAL_SERVER_ERROR, "InternalError")
        }
    }
}

fn plugin_status_and_name(error: &PluginError) -> (StatusCode, &'static str) {
    match error {
        PluginError::NotFound(_) => (StatusCode::NOT_FOUND, "NotFoundError"),
        PluginError::Registry(error) if error.is_upstream() => {
            (StatusCode::BAD_GATEWAY, "InputError")
        }
        PluginError::Input(_) | PluginError::Registry(_) => (StatusCode::BAD_REQUEST, "InputError"),
        PluginError::Conflict(_) => (StatusCode::CONFLICT, "ConflictError"),
        PluginError::Load(LoadError::Internal { .. }) | PluginError::Inconsistent { .. } => {
            (StatusCode::INTERNAL_SERVER_ERROR, "InternalError")
        }
        PluginError::Refused(_) | PluginError::Load(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "InputError")
        }
        // Those of other services arrive as theirs, by `From`.
        PluginError::Denied(_) => (StatusCode::FORBIDDEN, "NotAllowedError"),
        PluginError::Catalog(error) => catalog_status_and_name(error),
        PluginError::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailableError"),
    }
}

impl From<PluginError> for ApiError {
    fn from(error: PluginError) -> Self {
        match error {
            PluginError::Denied(denied) => Self::Catalog(denied.into()),
            PluginError::Catalog(error) => Self::Catalog(error),
            PluginError::Store(error) => Self::Catalog(error.into()),
            error => Self::Plugin(error),
        }
    }
}

/// What the caller is told. Details of failures inside stay in the log.
fn detail(error: &ApiError) -> String {
    match error {
        ApiError::Catalog(CatalogError::Denied(denied)) if denied.anonymous => format!(
            "{} is needed, and nobody is signed in: sign in at /sign-in, or send a token of \
             backend.auth.externalAccess in the header \"Authorization: Bearer …\"",
            denied.permission
        ),
        ApiError::Catalog(CatalogError::Store(_)) => {
            "the catalog database does not answer; the server's log has the details under this \
             request's id"
                .to_owned()
        }
        ApiError::Catalog(CatalogError::Inconsistent { .. })
        | ApiError::Plugin(
            PluginError::Inconsistent { .. } | PluginError::Load(LoadError::Internal { .. }),
        )
        | ApiError::Internal(_) => {
            "something failed inside the server; its log has the details under this request's id"
                .to_owned()
        }
        other => other.to_string(),
    }
}

fn log(error: &ApiError) {
    if let ApiError::Unavailable(_) = error {
        // Whoever asks during a start asks often, and nothing is wrong.
        tracing::info!("{error}");
        return;
    }
    let mut causes = String::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        causes.push_str(": ");
        causes.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::error!("{error}{causes}");
}

#[cfg(test)]
mod tests {
    use portico_access::{Denied, Grounds};

    use super::*;

    fn denied(anonymous: bool) -> ApiError {
        ApiError::Catalog(CatalogError::Denied(Denied {
            principal: "user:default/ada".to_owned(),
            anonymous,
            permission: "catalog.entity.delete",
            resource: "component:default/a".to_owned(),
            grounds: Box::new(Grounds::rule("only its owners may")),
        }))
    }

    fn problem(error: ApiError) -> Problem {
        error
            .into_response()
            .extensions()
            .get::<Problem>()
            .unwrap()
            .clone()
    }

    #[test]
    fn a_refusal_is_401_for_nobody_and_403_for_somebody() {
        let nobody = problem(denied(true));
        assert_eq!(
            (nobody.status.as_u16(), nobody.name),
            (401, Some("AuthenticationError"))
        );
        assert!(nobody.detail.contains("/sign-in"), "{}", nobody.detail);
        let somebody = problem(denied(false));
        assert_eq!(
            (somebody.status.as_u16(), somebody.name),
            (403, Some("NotAllowedError"))
        );
        assert!(
            somebody.detail.contains("catalog.entity.delete"),
            "{}",
            somebody.detail
        );
    }

    #[test]
    fn a_failure_inside_tells_nothing_of_the_inside() {
        let error = CatalogError::Inconsistent {
            what: "component:default/a".to_owned(),
            detail: "secret details".to_owned(),
        };
        let problem = problem(error.into());
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!problem.detail.contains("secret"), "{}", problem.detail);
    }

    #[test]
    fn an_unreachable_host_is_a_bad_gateway_and_a_missing_file_a_bad_request() {
        let target = || "https://example.com/x".to_owned();
        let failed = ReadError::Failed {
            target: target(),
            reason: "refused".to_owned(),
        };
        let missing = ReadError::NotFound {
            target: target(),
            hint: "check it".to_owned(),
        };
        assert_eq!(
            problem(CatalogError::from(failed).into()).status,
            StatusCode::BAD_GATEWAY
        );
        assert_eq!(
            problem(CatalogError::from(missing).into()).status,
            StatusCode::BAD_REQUEST
        );
    }
}
