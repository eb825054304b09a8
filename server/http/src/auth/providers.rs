//! `GET /api/auth/providers`

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;

/// Where people can sign in.
#[derive(Serialize, ToSchema)]
pub(super) struct Providers {
    /// In the order of the sign-in page.
    items: Vec<Provider>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SignInProvider)]
#[serde(rename_all = "camelCase")]
struct Provider {
    /// Its name in addresses.
    #[schema(example = "microsoft")]
    id: &'static str,
    /// What to call it.
    #[schema(example = "Microsoft")]
    title: String,
    /// Where a browser goes to sign in.
    #[schema(example = "/api/auth/microsoft/start")]
    start_url: String,
}

/// List where people sign in
#[utoipa::path(
    get,
    path = "/api/auth/providers",
    tag = "sign-in",
    responses((status = 200, description = "The configured providers", body = Providers)),
    security(()),
)]
pub(super) async fn list_providers(State(state): State<AppState>) -> Json<Providers> {
    let providers = state.catalog().config().auth.providers.iter();
    let items = providers.map(|it| Provider {
        id: it.id(),
        title: it.title.clone(),
        start_url: format!("/api/auth/{}/start", it.id()),
    });
    Json(Providers {
        items: items.collect(),
    })
}
