//! The id that ties an answer to the log.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, request::Parts},
};
use uuid::Uuid;

/// The header an id comes in and goes out by.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ids than this are not taken over.
const MAX_LENGTH: usize = 128;

/// The id of the request being answered.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

impl RequestId {
    /// The caller's own id when it is one that is safe to log, else a new one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let given = headers
            .get(X_REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|id| {
                (1..=MAX_LENGTH).contains(&id.len())
                    && id.bytes().all(|byte| byte.is_ascii_graphic())
            });
        Self(given.map_or_else(|| Uuid::now_v7().to_string().into(), Into::into))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self::of(&parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_over_an_id_only_when_it_is_safe_to_log() {
        let id = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID, value.parse().unwrap());
            RequestId::of(&headers).0
        };
        assert_eq!(&*id("trace-1"), "trace-1");
        assert_ne!(&*id("two words"), "two words");
        assert_ne!(&*id(&"x".repeat(129)), "x".repeat(129));
        assert_eq!(RequestId::of(&HeaderMap::new()).0.len(), 36);
    }
}
