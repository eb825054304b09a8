//! `POST /auth/sign-out`

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use portico_identity::DEVELOPMENT;
use url::Url;

use super::{cookie, failure::NO_STORE};
use crate::{AppState, edge::session_cookie, error::ApiError};

/// Sign out
///
/// Ends the browser's session. Who signed in at a provider that can be signed out of is led
/// there, and comes back to `/signed-out`.
#[utoipa::path(
    post,
    path = "/auth/sign-out",
    tag = "sign-in",
    responses(
        (status = 200, description = "Signed out here; a page that leads to the provider", content_type = "text/html"),
        (status = 303, description = "Signed out"),
    ),
    security(()),
)]
pub(super) async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let identity = state.identity();
    let ended = match session_cookie(&state, &headers) {
        Some(cookie) => identity.end_session(cookie).await?,
        None => None,
    };
    let mut response = match ended {
        Some(ended) if ended.provider != DEVELOPMENT => {
            match identity.provider_sign_out(&ended).await {
                Some(url) => Html(leading_to(&url)).into_response(),
                None => Redirect::to("/signed-out").into_response(),
            }
        }
        _ => Redirect::to("/").into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, cookie::remove(&state)?);
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    Ok(response)
}

/// A page and not a redirect: browsers let a form that was sent lead to its own site only, when
/// the content security policy says so.
fn leading_to(url: &Url) -> String {
    let url = url.as_str().replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <title>Signing out</title><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"referrer\" content=\"no-referrer\">\
         <meta http-equiv=\"refresh\" content=\"0;url={url}\"></head>\
         <body><main><h1>Signing out</h1><p><a href=\"{url}\">Continue</a></p></main></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_in_its_attribute() {
        let url = Url::parse("https://id.test/end?a=1&b=\"><script>").unwrap();
        let page = leading_to(&url);
        assert!(page.contains("a=1&amp;b=%22%3E%3Cscript%3E\">"), "{page}");
    }
}
