//! `POST /auth/sign-out`

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Redirect, Response},
};

use super::{cookie, record};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, RequestId},
};

/// Sign out
///
/// Ends the browser's session.
#[utoipa::path(
    post,
    path = "/auth/sign-out",
    tag = "sign-in",
    responses((status = 303, description = "Signed out; the browser goes to the start page")),
    security(()),
)]
pub(super) async fn sign_out(
    State(state): State<AppState>,
    Caller(who): Caller,
    id: RequestId,
) -> Result<Response, ApiError> {
    if who.is_signed_in() {
        record(&state, &who, "auth.sign-out", "asked for", &id).await?;
    }
    let mut response = Redirect::to("/").into_response();
    response
        .headers_mut()
        .insert(header::SET_COOKIE, cookie::remove(&state)?);
    Ok(response)
}
