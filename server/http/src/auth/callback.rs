//! `GET /api/auth/{provider}/handler/frame`

use axum::{
    extract::{Path, Request, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use portico_config::Secret;
use portico_identity::{Browser, SignInAnswer};
use serde::Deserialize;

use super::{begun, cookie, failure, return_to};
use crate::{
    AppState,
    edge::{Requested, session_cookie},
    error::ApiError,
    extract::RequestId,
};

/// What the provider adds to the address. Others may add more.
#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct Answer {
    /// What the sign-in began with.
    state: String,
    /// What stands for the tokens, once.
    code: Option<String>,
    /// Who answers.
    iss: Option<String>,
    /// Why there is no code.
    error: Option<String>,
    /// The same in words.
    error_description: Option<String>,
}

/// Come back from a provider
///
/// For browsers: the redirect URI to register at the provider, the same as Backstage's. Signs
/// in, and goes on to where the sign-in began; a failure leads to the sign-in page.
#[utoipa::path(
    get,
    path = "/api/auth/{provider}/handler/frame",
    tag = "sign-in",
    params(
        ("provider" = String, Path, description = "`microsoft` or `oidc`", example = "microsoft"),
        Answer,
    ),
    responses((status = 303, description = "Signed in, or to the sign-in page that says why not")),
    security(()),
)]
pub(super) async fn finish_sign_in(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    id: RequestId,
    request: Request,
) -> Result<Response, ApiError> {
    let query = request.uri().query().unwrap_or_default();
    let answer: Answer = serde_html_form::from_str(query).unwrap_or_default();
    let requested = Requested::of(&request);
    let browser = Browser {
        user_agent: requested.user_agent(),
        address: requested.address(),
    };
    let headers = request.headers();
    let kept = begun::get(&state, headers, &answer.state).map(str::to_owned);
    let before = session_cookie(&state, headers).map(str::to_owned);
    let forget = begun::remove(&state, &answer.state)?;
    let answer = SignInAnswer {
        state: answer.state,
        code: answer.code.map(Secret::new),
        issuer: answer.iss,
        error: answer.error,
        error_description: answer.error_description,
    };
    let identity = state.identity();
    let finished = identity
        .finish_sign_in(&provider, answer, kept.as_deref(), browser)
        .await;
    let mut response = match finished {
        Ok(finished) => {
            if let Some(before) = before {
                identity.end_session(&before).await?;
            }
            let to = return_to::safe(Some(&finished.return_to));
            let mut response = Redirect::to(to).into_response();
            let session = cookie::set(&state, &finished.session)?;
            response.headers_mut().append(header::SET_COOKIE, session);
            response
        }
        Err(error) => failure::page(&provider, &error, None, &id),
    };
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, forget);
    headers.insert(header::CACHE_CONTROL, failure::NO_STORE);
    Ok(response)
}
