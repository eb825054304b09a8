//! Answers made of texts that are JSON already: put together, never parsed.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use serde::Serialize;

use crate::error::ApiError;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
/// Answers depend on who asks and on a catalog that changes at any time.
const UNCACHED: HeaderValue = HeaderValue::from_static("private, no-store");

/// A JSON answer from a text that is JSON.
pub(crate) fn from_text(text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::CACHE_CONTROL, UNCACHED);
    response
}

/// A JSON answer from a value.
pub(crate) fn from_value(value: &impl Serialize) -> Result<Response, ApiError> {
    let text = serde_json::to_vec(value)
        .map_err(|error| ApiError::Internal(format!("an answer cannot be written: {error}")))?;
    Ok(from_text(text))
}

/// [`from_value`], with the status for something new.
pub(crate) fn created(value: &impl Serialize) -> Result<Response, ApiError> {
    let mut response = from_value(value)?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// An answer without a body, sent as an empty one with `status`.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

/// `[a,b,…]` as part of a text: `prefix`, the items between brackets, `suffix`.
/// A missing item is `null`.
pub(crate) fn list(prefix: &str, items: &[Option<Bytes>], suffix: &str) -> Vec<u8> {
    let length: usize = items
        .iter()
        .map(|item| item.as_ref().map_or(4, Bytes::len) + 1)
        .sum();
    let mut text = Vec::with_capacity(prefix.len() + length + suffix.len() + 2);
    text.extend_from_slice(prefix.as_bytes());
    text.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        text.extend_from_slice(item.as_deref().unwrap_or(b"null"));
    }
    text.push(b']');
    text.extend_from_slice(suffix.as_bytes());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_the_place_of_what_is_missing() {
        let items = [
            Some(Bytes::from_static(b"1")),
            None,
            Some(Bytes::from_static(b"{}")),
        ];
        assert_eq!(list("{\"items\":", &items, "}"), b"{\"items\":[1,null,{}]}");
        assert_eq!(list("", &[], ""), b"[]");
    }
}
