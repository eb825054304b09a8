//! `POST /auth/dev/sign-in`

use axum::extract::FromRequest as _;
use axum::{
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use bytes::Bytes;
use portico_access::{LOCAL_ADMIN, Principal, Session};
use portico_model::EntityRef;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{cookie, record, return_to};
use crate::{
    AppState,
    edge::{Requested, SESSION_LIFETIME, unix_seconds},
    error::ApiError,
    extract::{RequestId, body_error},
    problem::ProblemBody,
};

/// The sign-in form.
#[derive(Deserialize, ToSchema)]
#[schema(as = DevelopmentSignIn)]
pub(super) struct Form {
    /// A user of the catalog, or `local-admin`.
    #[schema(example = "user:default/ada")]
    user: String,
    /// Path of the page to go to; default the start page.
    #[schema(example = "/catalog")]
    return_to: Option<String>,
}

/// Continue as somebody, in development
///
/// Only for a portal in development mode, and only from the machine it runs on. Sets the
/// session cookie.
#[utoipa::path(
    post,
    path = "/auth/dev/sign-in",
    tag = "sign-in",
    request_body(content = Form, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "Signed in; the browser goes to `return_to`"),
        (status = 400, description = "There is no such user", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 403, description = "Not a development portal, or not from this machine", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(super) async fn dev_sign_in(
    State(state): State<AppState>,
    id: RequestId,
    request: Request,
) -> Result<Response, ApiError> {
    if !state.origin().is_local_development(Requested::of(&request)) {
        return Err(ApiError::Forbidden(
            "development sign-in works only in development mode, on a loopback address, \
             from the same machine",
        ));
    }
    let body = Bytes::from_request(request, &())
        .await
        .map_err(body_error)?;
    let form: Form = serde_html_form::from_bytes(&body)
        .map_err(|error| ApiError::Input(format!("the sign-in form is wrong: {error}")))?;
    let (who, subject) = find(&state, &form.user)?;
    let session = Session {
        subject,
        expires_at: unix_seconds() + SESSION_LIFETIME.as_secs(),
    };
    record(&state, &who, "auth.sign-in", "development sign-in", &id).await?;
    let mut response = Redirect::to(return_to::safe(form.return_to.as_deref())).into_response();
    let cookie = cookie::set(&state, &state.sessions().seal(&session))?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

fn find(state: &AppState, user: &str) -> Result<(Principal, String), ApiError> {
    if user == LOCAL_ADMIN {
        return Ok((Principal::LocalAdmin, LOCAL_ADMIN.to_owned()));
    }
    let user_ref = EntityRef::parse(user, Some("user"), EntityRef::DEFAULT_NAMESPACE)
        .map_err(ApiError::input)?;
    let principal = state
        .catalog()
        .principal(&user_ref)
        .filter(|_| user_ref.kind() == "user")
        .ok_or_else(|| ApiError::Input(format!("there is no user {user_ref} in the catalog")))?;
    Ok((principal, user_ref.to_string()))
}
