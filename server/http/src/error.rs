//! The one mapping from errors to HTTP answers.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portico_access::{Denied, Failure, FailureKind};
use portico_catalog::CatalogError;
use portico_identity::IdentityError;
use portico_plugins::PluginError;
use portico_scm::ScmError;
use portico_sources::webhooks::WebhookError;
use portico_tasks::TasksError;
use serde_json::Value;

use crate::problem::Problem;

/// Why a request is not answered as asked. Each variant is one status.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// A service refused or failed.
    #[error("{0}")]
    Service(Box<Told>),
    /// The request is malformed; the text says what, where and how to fix it.
    #[error("{0}")]
    Input(String),
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

/// What a service said, as the caller is told of it.
#[derive(Debug)]
pub(crate) struct Told {
    kind: FailureKind,
    detail: String,
    /// What a review of a plugin found.
    report: Option<Value>,
    /// What is wrong with the values of a form, value by value.
    errors: Option<Value>,
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl Told {
    fn of(failure: &impl Failure) -> Self {
        let kind = failure.kind();
        if kind.is_inside() || kind == FailureKind::Upstream {
            tracing::error!("{}", with_causes(failure));
        }
        let detail = match failure.denied() {
            Some(denied) if denied.anonymous => format!(
                "{} is needed, and nobody is signed in: sign in at /sign-in, or send a token of \
                 backend.auth.externalAccess in the header \"Authorization: Bearer …\"",
                denied.permission
            ),
            _ => failure.told(),
        };
        Self {
            kind,
            detail,
            report: None,
            errors: None,
        }
    }
}

macro_rules! told_as_they_are {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for ApiError {
            fn from(error: $error) -> Self {
                Self::Service(Box::new(Told::of(&error)))
            }
        }
    )+};
}

told_as_they_are!(Denied, CatalogError, IdentityError, ScmError);

impl From<PluginError> for ApiError {
    fn from(error: PluginError) -> Self {
        let mut told = Told::of(&error);
        if let PluginError::Refused(report) = &error {
            told.report = serde_json::to_value(report).ok();
        }
        Self::Service(Box::new(told))
    }
}

impl From<TasksError> for ApiError {
    fn from(error: TasksError) -> Self {
        let mut told = Told::of(&error);
        if let TasksError::Values(problems) = &error {
            told.errors = serde_json::to_value(problems).ok();
        }
        Self::Service(Box::new(told))
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
    fn into_response(mut self) -> Response {
        let (status, name) = status_and_name(&self);
        log(&self);
        let name = (!matches!(self, Self::NoSuchEndpoint)).then_some(name);
        let detail = detail(&self);
        let (report, errors) = match &mut self {
            Self::Service(told) => (told.report.take(), told.errors.take()),
            _ => (None, None),
        };
        let mut response = Problem {
            status,
            name,
            detail,
            report,
            errors,
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

fn status_and_name(error: &ApiError) -> (StatusCode, &'static str) {
    match error {
        ApiError::Service(told) => kind_status_and_name(told.kind),
        ApiError::Input(_) => (StatusCode::BAD_REQUEST, "InputError"),
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

fn kind_status_and_name(kind: FailureKind) -> (StatusCode, &'static str) {
    match kind {
        FailureKind::SignedOut => (StatusCode::UNAUTHORIZED, "AuthenticationError"),
        FailureKind::Denied => (StatusCode::FORBIDDEN, "NotAllowedError"),
        FailureKind::NotFound => (StatusCode::NOT_FOUND, "NotFoundError"),
        FailureKind::Invalid => (StatusCode::BAD_REQUEST, "InputError"),
        FailureKind::Conflict => (StatusCode::CONFLICT, "ConflictError"),
        FailureKind::Refused => (StatusCode::UNPROCESSABLE_ENTITY, "InputError"),
        FailureKind::Upstream => (StatusCode::BAD_GATEWAY, "InputError"),
        FailureKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailableError"),
        FailureKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
    }
}

/// What the caller is told. Details of failures inside stay in the log.
fn detail(error: &ApiError) -> String {
    match error {
        ApiError::Internal(_) => {
            "something failed inside the server; its log has the details under this request's id"
                .to_owned()
        }
        other => other.to_string(),
    }
}

/// What services said is in the log since they said it.
fn log(error: &ApiError) {
    match error {
        // Whoever asks during a start asks often, and nothing is wrong.
        ApiError::Unavailable(_) => tracing::info!("{error}"),
        ApiError::Internal(_) | ApiError::Timeout(_) => tracing::error!("{error}"),
        _ => {}
    }
}

fn with_causes(error: &impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use portico_access::Grounds;
    use portico_sources::ReadError;

    use super::*;

    fn denied(anonymous: bool) -> ApiError {
        ApiError::from(CatalogError::Denied(Denied {
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
