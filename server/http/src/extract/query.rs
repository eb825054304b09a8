//! The query string, where keys may repeat.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// The query string as `T`. A repeated key is a `Vec` field.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let parser = serde_html_form::Deserializer::from_bytes(query.as_bytes());
        serde_path_to_error::deserialize(parser)
            .map(Self)
            .map_err(|error| {
                let parameter = error.path().to_string();
                let reason = error.into_inner();
                ApiError::Input(match parameter.as_str() {
                    "." => format!("the query string is wrong: {reason}"),
                    parameter => format!("query parameter \"{parameter}\" is wrong: {reason}"),
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Parameters {
        #[serde(default)]
        filter: Vec<String>,
        limit: Option<usize>,
    }

    async fn parse(query: &str) -> Result<Parameters, String> {
        let request = Request::get(format!("/?{query}")).body(()).unwrap();
        let (mut parts, ()) = request.into_parts();
        let parsed = Query::<Parameters>::from_request_parts(&mut parts, &()).await;
        parsed
            .map(|query| query.0)
            .map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn repeated_keys_are_a_list_and_plus_is_a_space() {
        let parsed = parse("filter=a%3Dmixed+case&filter=b&limit=3&unknown=1")
            .await
            .unwrap();
        assert_eq!(parsed.filter, ["a=mixed case", "b"]);
        assert_eq!(parsed.limit, Some(3));
    }

    #[tokio::test]
    async fn a_wrong_value_names_its_parameter() {
        let error = parse("limit=x").await.unwrap_err();
        assert!(error.contains("\"limit\""), "{error}");
        let error = parse("limit=1&limit=2").await.unwrap_err();
        assert!(error.contains("limit"), "{error}");
    }
}
