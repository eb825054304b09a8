//! `POST /api/catalog/validate-entity`

use axum::{extract::State, http::StatusCode, response::Response};
use portico_model::location_ref::LocationRef;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
};

/// The document to check, and where it would be.
#[derive(Deserialize, ToSchema)]
#[schema(as = ValidateEntityRequest)]
pub(super) struct Body {
    /// The entity.
    #[schema(value_type = Object, example = json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": "orders-api"}, "spec": {"type": "service", "lifecycle": "production", "owner": "team-orders"}}))]
    entity: Value,
    /// `url:<target>`: where the entity would be read from.
    #[schema(example = "url:https://github.com/contoso/orders-api/blob/main/catalog-info.yaml")]
    location: String,
}

/// Everything that is wrong with the document.
#[derive(Serialize, ToSchema)]
#[schema(as = ValidateEntityErrors)]
pub(super) struct Errors {
    errors: Vec<ValidationError>,
}

#[derive(Serialize, ToSchema)]
struct ValidationError {
    /// Always `InputError`.
    #[schema(example = "InputError")]
    name: &'static str,
    /// What is wrong.
    #[schema(example = "spec.owner is missing")]
    message: String,
    /// Where in the document, as JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/spec/owner")]
    pointer: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// Check a document without storing it
///
/// By the rules that apply to catalog files. All errors are told at once.
#[utoipa::path(
    post,
    path = "/api/catalog/validate-entity",
    tag = "entities",
    request_body = Body,
    responses(
        (status = 200, description = "The document would be accepted"),
        (status = 400, description = "What is wrong with the document", body = Errors),
    ),
)]
pub(super) async fn validate_entity(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, ApiError> {
    if let Err(message) = check_location(&body.location) {
        return refuse(vec![ValidationError {
            name: "InputError",
            message,
            pointer: None,
            hint: None,
        }]);
    }
    match state.catalog().validate(&who, body.entity)? {
        Ok(_) => Ok(json::empty(StatusCode::OK)),
        Err(violations) => refuse(
            violations
                .into_iter()
                .map(|violation| ValidationError {
                    name: "InputError",
                    message: violation.message,
                    pointer: Some(violation.pointer),
                    hint: violation.hint,
                })
                .collect(),
        ),
    }
}

fn check_location(text: &str) -> Result<(), String> {
    let location = LocationRef::parse(text).map_err(|error| error.to_string())?;
    if location.kind() == "url" {
        Ok(())
    } else {
        Err(format!(
            "location \"{text}\" must be of the form url:<target>"
        ))
    }
}

fn refuse(errors: Vec<ValidationError>) -> Result<Response, ApiError> {
    let mut response = json::from_value(&Errors { errors })?;
    *response.status_mut() = StatusCode::BAD_REQUEST;
    Ok(response)
}
