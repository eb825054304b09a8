//! `POST /api/catalog/analyze-location`

use axum::{extract::State, response::Response};
use portico_catalog::Analysis;
use portico_model::Entity;
use portico_store::SourceKey;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    AppState,
    catalog::{locations::LocationInput, schemas::AnalysisBody},
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
    problem::ProblemBody,
};

/// The repository to look at.
#[derive(Deserialize, ToSchema)]
#[schema(as = AnalyzeLocationRequest)]
pub(super) struct Body {
    location: LocationInput,
    /// Name of catalog files, when it is not the configured one.
    #[serde(rename = "catalogFilename", alias = "catalogFileName")]
    #[schema(example = "catalog-info.yaml")]
    catalog_filename: Option<String>,
}

/// Look at a repository before registering it
///
/// Finds catalog files in the repository a URL points into; where there are none, proposes one.
#[utoipa::path(
    post,
    path = "/api/catalog/analyze-location",
    tag = "locations",
    request_body = Body,
    responses(
        (status = 200, description = "What is there, or what could be", body = AnalysisBody),
        (status = 400, description = "The repository cannot be read", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn analyze_location(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, ApiError> {
    let key: SourceKey = body.location.into();
    let filename = body.catalog_filename.as_deref();
    let analysis = state
        .catalog()
        .analyze_location(&who, &key, filename)
        .await?;
    json::from_value(&answer(&key, analysis)?)
}

fn answer(key: &SourceKey, analysis: Analysis) -> Result<Value, ApiError> {
    let mut existing = Vec::new();
    for file in analysis.existing {
        let location = json!({ "type": key.kind, "target": file.target });
        for text in file.entities {
            let entity: Entity = serde_json::from_str(&text)
                .map_err(|error| ApiError::Internal(format!("a document is not JSON: {error}")))?;
            existing.push(json!({
                "isRegistered": file.registered,
                "location": location,
                "entity": entity,
            }));
        }
    }
    let generated: Vec<Value> = analysis
        .generated
        .into_iter()
        .map(|generated| {
            let fields: Vec<Value> = generated
                .fields
                .into_iter()
                .map(|field| {
                    json!({
                        "field": field.field,
                        "state": field.state,
                        "value": field.value,
                        "description": field.description,
                    })
                })
                .collect();
            json!({ "entity": generated.entity, "fields": fields })
        })
        .collect();
    Ok(json!({ "existingEntityFiles": existing, "generateEntities": generated }))
}
