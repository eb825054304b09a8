//! What keeps one bad request from hurting others: panics and endless work.

use std::{any::Any, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::error::ApiError;

/// Answers 504 when no answer has begun after `limit`.
pub(super) async fn timeout(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    tokio::time::timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| ApiError::Timeout(limit.as_secs()).into_response())
}

/// The answer to a request whose handler panicked.
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    ApiError::Internal(format!("a handler panicked: {message}")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{
        Router, body::Body, http::StatusCode, middleware::from_fn_with_state, routing::get,
    };
    use tower::ServiceExt as _;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;

    async fn status(router: Router) -> StatusCode {
        router
            .oneshot(Request::new(Body::empty()))
            .await
            .unwrap()
            .status()
    }

    #[tokio::test]
    async fn endless_work_is_a_timeout() {
        let router = Router::new()
            .route("/", get(std::future::pending::<()>))
            .layer(from_fn_with_state(Duration::ZERO, timeout));
        assert_eq!(status(router).await, StatusCode::GATEWAY_TIMEOUT);
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_error() {
        async fn handler() {
            panic!("boom");
        }
        let router = Router::new()
            .route("/", get(handler))
            .layer(CatchPanicLayer::custom(panicked));
        assert_eq!(status(router).await, StatusCode::INTERNAL_SERVER_ERROR);
    }
}
