//! JSON request bodies.

use axum::{
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// The request body as `T`.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::UnsupportedMediaType);
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(body_error)?;
        parse(&body).map(Self)
    }
}

/// Why a body could not be taken in.
pub(crate) fn body_error(rejection: BytesRejection) -> ApiError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::BodyTooLarge,
        _ => ApiError::Input(rejection.body_text()),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut parser).map_err(|error| {
        let field = error.path().to_string();
        let reason = error.into_inner();
        ApiError::Input(match field.as_str() {
            "." => format!("the request body is wrong: {reason}"),
            field => format!("the request body is wrong at \"{field}\": {reason}"),
        })
    })?;
    parser.end().map_err(|error| {
        ApiError::Input(format!(
            "the request body goes on after its JSON value: {error}"
        ))
    })?;
    Ok(parsed)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.to_ascii_lowercase().ends_with("+json")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only whether it parses matters")]
    struct Refs {
        refs: Vec<String>,
    }

    #[test]
    fn a_wrong_body_says_where_and_why() {
        let error = |body: &str| parse::<Refs>(body.as_bytes()).unwrap_err().to_string();
        assert!(error(r#"{"refs":["a",1]}"#).contains("\"refs[1]\""));
        assert!(error("{}").contains("missing field `refs`"));
        assert!(error("{").contains("line 1"));
        assert!(error(r#"{"refs":[]} x"#).contains("goes on"));
    }
}
