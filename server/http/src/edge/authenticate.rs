//! Who is asking: a token, a session, or the developer at this machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use portico_access::{LOCAL_ADMIN, Principal};
use portico_model::EntityRef;

use super::origin::Requested;
use crate::{AppState, error::ApiError};

/// The cookie that holds the signed session.
pub(crate) const SESSION_COOKIE: &str = "portico_session";

/// How long a sign-in counts.
pub(crate) const SESSION_LIFETIME: Duration = Duration::from_hours(12);

/// Finds the principal and hands it on; refuses bad tokens, and changes that
/// another site's page wants to make in the name of a signed-in person.
pub(super) async fn authenticate(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    match identify(&state, &request) {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

fn identify(state: &AppState, request: &Request) -> Result<Principal, ApiError> {
    if let Some(token) = bearer(request.headers()) {
        // Browsers never add a bearer token by themselves, so no site can borrow one.
        return state
            .tokens()
            .principal(token)
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
}
