//! `/api/user-settings`: a person's own settings, in buckets of keys.

mod key;
mod multiget;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(
            key::get_setting,
            key::put_setting,
            key::delete_setting
        ))
        .routes(routes!(multiget::get_settings))
}

/// One setting.
#[derive(Serialize, ToSchema)]
#[schema(as = UserSetting)]
struct Setting {
    #[schema(example = "starredEntities")]
    bucket: String,
    #[schema(example = "entityRefs")]
    key: String,
    /// Any JSON.
    #[schema(value_type = Object, example = json!(["component:default/orders-api"]))]
    value: Value,
}

/// The value to set.
#[derive(Deserialize, ToSchema)]
#[schema(as = UserSettingValue)]
struct NewValue {
    /// Any JSON.
    #[schema(value_type = Object, example = json!(["component:default/orders-api"]))]
    value: Value,
}
