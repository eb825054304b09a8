//! `GET /api/auth/{provider}/start`

use axum::{
    extract::{Path, Request, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{begun, failure, return_to};
use crate::{AppState, edge::Requested, error::ApiError, extract::RequestId};

#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Path of the page to go to afterwards; default the start page.
    return_to: Option<String>,
}

/// Sign in
///
/// For browsers: leads to the provider, which leads back to `handler/frame`. When the provider
/// cannot be reached the browser goes to the sign-in page, which explains.
#[utoipa::path(
    get,
    path = "/api/auth/{provider}/start",
    tag = "sign-in",
    params(
        ("provider" = String, Path, description = "`microsoft` or `oidc`", example = "microsoft"),
        Asked,
    ),
    responses((status = 303, description = "The browser goes to the provider")),
    security(()),
)]
pub(super) async fn start_sign_in(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    id: RequestId,
    request: Request,
) -> Result<Response, ApiError> {
    let query = request.uri().query().unwrap_or_default();
    let asked: Asked = serde_html_form::from_str(query).unwrap_or_default();
    let return_to = return_to::safe(asked.return_to.as_deref());
    let identity = state.identity();
    match identity.begin_sign_in(&provider, return_to).await {
        Ok(begun) => {
            let mut response = Redirect::to(begun.url.as_str()).into_response();
            let headers = response.headers_mut();
            headers.insert(header::SET_COOKIE, begun::set(&state, &begun)?);
            headers.insert(header::CACHE_CONTROL, failure::NO_STORE);
            Ok(response)
        }
        Err(error) => {
            let address = Requested::of(&request).address();
            let noted = identity.note_failure(&provider, None, address, &error);
            noted.await.map_err(failure::internal)?;
            Ok(failure::page(&provider, &error, Some(return_to), &id))
        }
    }
}
