//! `POST /api/user-settings/multiget`

use std::collections::HashMap;

use axum::{extract::State, response::Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
};

/// The settings to get.
#[derive(Deserialize, ToSchema)]
#[schema(as = UserSettingsRequest)]
pub(super) struct Body {
    items: Vec<SettingName>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = UserSettingName)]
struct SettingName {
    #[schema(example = "starredEntities")]
    bucket: String,
    #[schema(example = "entityRefs")]
    key: String,
}

/// The settings in the order asked for; `null` where one is not set.
#[derive(Serialize, ToSchema)]
#[schema(as = UserSettings)]
pub(super) struct Answer {
    items: Vec<Option<SettingValue>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = UserSettingsItem)]
struct SettingValue {
    /// Any JSON.
    #[schema(value_type = Object)]
    value: Value,
}

/// Several of the caller's settings
#[utoipa::path(
    post,
    path = "/api/user-settings/multiget",
    tag = "user settings",
    request_body = Body,
    responses((status = 200, description = "The settings", body = Answer)),
)]
pub(super) async fn get_settings(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, ApiError> {
    let mut buckets: HashMap<&str, HashMap<String, Value>> = HashMap::new();
    for name in &body.items {
        if !buckets.contains_key(name.bucket.as_str()) {
            let settings = state.catalog().settings(&who, &name.bucket).await?;
            buckets.insert(&name.bucket, settings.into_iter().collect());
        }
    }
    let items = body
        .items
        .iter()
        .map(|name| {
            let value = buckets.get(name.bucket.as_str())?.get(&name.key)?.clone();
            Some(SettingValue { value })
        })
        .collect();
    json::from_value(&Answer { items })
}
