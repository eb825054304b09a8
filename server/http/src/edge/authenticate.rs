//! Who is asking: a token, a session, or the developer at this machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_access::{LOCAL_ADMIN, Principal};
use portico_model::EntityRef;

use super::origin::Requested;
use crate::{AppState, error::ApiError};

/// The cookie that holds the signed session.
pub(crate) const SESSION_COOKIE: &str = "portico_session";

/// Where git clients clone from.
pub(crate) const GIT: &str = "/api/git/";

/// How long a sign-in counts.
pub(crate) const SESSION_LIFETIME: Duration = Duration::from_hours(12);

/// Finds the principal and hands it on; refuses bad tokens, and changes that
/// another site's page wants to make in the name of a signed-in person.
pub(super) async fn authenticate(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let is_git = request.uri().path().starts_with(GIT);
    let response = match identify(&state, &request) {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    };
    if is_git {
        asking_git(response)
    } else {
        response
    }
}

/// Has git ask for a password where one is missing.
fn asking_git(mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Basic realm=\"Portico\"");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

fn identify(state: &AppState, request: &Request) -> Result<Principal, ApiError> {
    let is_git = request.uri().path().starts_with(GIT);
    let token = bearer(request.headers()).map(str::to_owned);
    let token = token.or_else(|| is_git.then(|| password(request.headers())).flatten());
    if let Some(token) = token {
        // Browsers never add a bearer token by themselves, so no site can borrow one.
        return state
            .tokens()
            .principal(&token)
            .ok_or(ApiError::Unauthenticated(
                "the bearer token is not one of backend.auth.externalAccess",
            ));
    }
    let requested = Requested::of(request);
    if !request.method().is_safe() && state.origin().is_cross_site(requested) {
        return Err(ApiError::Forbidden(
            "a page of another site may not change anything here; \
             send the request from the portal itself, or with a token",
        ));
    }
    let local = || state.origin().is_local_development(requested);
    if let Some(cookie) = session_cookie(request.headers()) {
        return Ok(of_session(state, cookie, local).unwrap_or(Principal::Anonymous));
    }
    if request.uri().path().starts_with("/api/") && local() {
        return Ok(Principal::LocalAdmin);
    }
    Ok(Principal::Anonymous)
}

fn of_session(state: &AppState, cookie: &str, local: impl Fn() -> bool) -> Option<Principal> {
    let session = state.sessions().open(cookie, unix_seconds())?;
    if session.subject == LOCAL_ADMIN {
        return local().then_some(Principal::LocalAdmin);
    }
    let user = EntityRef::parse(&session.subject, None, EntityRef::DEFAULT_NAMESPACE).ok()?;
    state.catalog().principal(&user)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The password that a git client sends, which is a token. Nothing can be changed with it, since
/// browsers do send passwords by themselves.
fn password(headers: &HeaderMap) -> Option<String> {
    let (scheme, encoded) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let (_, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    (!password.is_empty()).then(|| password.to_owned())
}

fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == SESSION_COOKIE).then_some(value))
}

/// Seconds since the Unix epoch by this process's clock.
pub(crate) fn unix_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_session_among_cookies() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            "theme=dark; portico_session=v1.a.b".parse().unwrap(),
        );
        assert_eq!(session_cookie(&headers), Some("v1.a.b"));
        headers.insert(header::COOKIE, "xportico_session=no".parse().unwrap());
        assert_eq!(session_cookie(&headers), None);
    }

    #[test]
    fn only_the_bearer_scheme_is_a_token() {
        let bearer_of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(bearer_of("Bearer t0ken").as_deref(), Some("t0ken"));
        assert_eq!(bearer_of("bearer t0ken").as_deref(), Some("t0ken"));
        assert_eq!(bearer_of("Basic dTpw"), None);
    }

    #[test]
    fn the_password_of_git_is_a_token() {
        let password_of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            password(&headers)
        };
        assert_eq!(password_of("Basic dTpw").as_deref(), Some("p"));
        for other in ["Basic dTo=", "Basic dQ==", "Basic !", "Bearer dTpw"] {
            assert_eq!(password_of(other), None, "{other}");
        }
    }
}
