//! `POST /auth/dev/sign-in`

use axum::extract::FromRequest as _;
use axum::{
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use bytes::Bytes;
use portico_access::{Grounds, LOCAL_ADMIN, Principal};
use portico_identity::{DEVELOPMENT, NewSession, Subject};
use portico_model::EntityRef;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{cookie, return_to};
use crate::{
    AppState,
    edge::{Requested, session_cookie},
    error::ApiError,
    extract::body_error,
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
    request: Request,
) -> Result<Response, ApiError> {
    let requested = Requested::of(&request);
    if !state.origin().is_local_development(requested) {
        let reason = "development sign-in works only in development mode, on a loopback address, \
                      from the same machine";
        note_failure(&state, reason);
        return Err(ApiError::Forbidden(reason));
    }
    let (user_agent, address) = (requested.user_agent(), requested.address());
    let before = session_cookie(&state, request.headers()).map(str::to_owned);
    let body = Bytes::from_request(request, &())
        .await
        .map_err(body_error)?;
    let form: Form = serde_html_form::from_bytes(&body)
        .map_err(|error| ApiError::Input(format!("the sign-in form is wrong: {error}")))?;
    let new = NewSession {
        subject: find(&state, &form.user)
            .inspect_err(|_| note_failure(&state, "there is no such user"))?,
        provider: DEVELOPMENT.to_owned(),
        provider_session: None,
        roles: Vec::new(),
        tokens: None,
        user_agent,
        address,
    };
    if let Some(before) = before {
        state.identity().end_session(&before).await?;
    }
    let session = state.identity().start_session(new).await?;
    let mut response = Redirect::to(return_to::safe(form.return_to.as_deref())).into_response();
    let cookie = cookie::set(&state, &session)?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

fn note_failure(state: &AppState, reason: &str) {
    let authorizer = state.catalog().authorizer();
    let resource = format!("provider:{DEVELOPMENT}");
    let (nobody, grounds) = (Principal::Anonymous, Grounds::rule(reason));
    authorizer.refuse(&nobody, "auth.sign-in", resource, grounds);
}

fn find(state: &AppState, user: &str) -> Result<Subject, ApiError> {
    if user == LOCAL_ADMIN {
        return Ok(Subject::LocalAdmin);
    }
    let user_ref = EntityRef::parse(user, Some("user"), EntityRef::DEFAULT_NAMESPACE)
        .map_err(ApiError::input)?;
    if user_ref.kind() != "user" || state.catalog().principal(&user_ref).is_none() {
        return Err(ApiError::Input(format!(
            "there is no user {user_ref} in the catalog"
        )));
    }
    Ok(Subject::User(user_ref))
}
