//! `GET /api/scaffolder/v2/templates/{namespace}/{kind}/{name}/parameter-schema`

use axum::{extract::State, response::Response};
use portico_model::EntityRef;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Segments},
    json,
    problem::ProblemBody,
};

/// The form of a template
///
/// Its pages as JSON Schemas with the hints of react-jsonschema-form. `problem` says why the
/// template cannot run here, if it cannot.
#[utoipa::path(
    get,
    path = "/api/scaffolder/v2/templates/{namespace}/{kind}/{name}/parameter-schema",
    tag = "scaffolder",
    params(
        ("namespace" = String, Path, description = "Namespace of the template", example = "default"),
        ("kind" = String, Path, description = "Always template", example = "template"),
        ("name" = String, Path, description = "Name of the template", example = "dotnet-api"),
    ),
    responses(
        (status = 200, description = "The form: title, description, steps", body = Object),
        (status = 400, description = "The template is wrong", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such template", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn parameter_schema(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments((namespace, kind, name)): Segments<(String, String, String)>,
) -> Result<Response, ApiError> {
    let template = EntityRef::new(&kind, &namespace, &name);
    json::from_value(&state.tasks()?.template_form(&who, &template).await?)
}
