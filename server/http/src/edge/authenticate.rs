//! Who is asking: a token, a session, or the developer at this machine.

use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_access::{Grounds, Principal};
use portico_identity::{ActiveSession, SignInError};

use super::origin::Requested;
use crate::{AppState, error::ApiError};

/// Where git clients clone from.
pub(crate) const GIT: &str = "/api/git/";

/// Finds the principal, and the session if it is in one, and hands them on; refuses bad tokens,
/// and changes that another site's page wants to make in the name of a signed-in person.
pub(super) async fn authenticate(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let is_git = request.uri().path().starts_with(GIT);
    let credentials = Credentials::of(&state, &request);
    let response = match identify(&state, credentials).await {
        Ok((principal, session)) => {
            request.extensions_mut().insert(principal);
            if let Some(session) = session {
                request.extensions_mut().insert(session);
            }
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

/// What a request says about who asks.
struct Credentials {
    /// A bearer token, or the password of git.
    token: Option<String>,
    /// The session cookie.
    cookie: Option<String>,
    /// The change that another site's page wants, as audit events name it, if it is one.
    forged: Option<String>,
    /// Whether the developer at this machine asks.
    local: bool,
    /// Whether it is for the API, where that developer need not sign in.
    api: bool,
}

impl Credentials {
    fn of(state: &AppState, request: &Request) -> Self {
        let (path, headers) = (request.uri().path(), request.headers());
        let requested = Requested::of(request);
        let origin = state.origin();
        let password = || path.starts_with(GIT).then(|| password(headers)).flatten();
        Self {
            token: bearer(headers).map(str::to_owned).or_else(password),
            cookie: session_cookie(state, headers).map(str::to_owned),
            forged: (!request.method().is_safe() && origin.is_forged(requested))
                .then(|| endpoint(request)),
            local: origin.is_local_development(requested),
            api: path.starts_with("/api/"),
        }
    }
}

/// The endpoint that a request is for, without what anybody can make up: the names that are in
/// its path, and methods of any length.
fn endpoint(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>();
    let path = matched.map_or("unmatched", MatchedPath::as_str);
    format!("{:.10} {path}", request.method().as_str())
}

type Found = (Principal, Option<Arc<ActiveSession>>);

async fn identify(state: &AppState, credentials: Credentials) -> Result<Found, ApiError> {
    if let Some(token) = credentials.token {
        // Browsers never add a bearer token by themselves, so no site can borrow one.
        return Ok((of_token(state, &token).await?, None));
    }
    if let Some(asked) = credentials.forged {
        let grounds = Grounds::rule("a page of another site asks");
        let authorizer = state.catalog().authorizer();
        authorizer.refuse(&Principal::Anonymous, "portal.use", asked, grounds);
        return Err(ApiError::Forbidden(
            "a page of another site may not change anything here; \
             send the request from the portal itself, or with a token",
        ));
    }
    if let Some(cookie) = credentials.cookie {
        return of_session(state, &cookie, credentials.local).await;
    }
    if credentials.api && credentials.local {
        return Ok((Principal::LocalAdmin, None));
    }
    Ok((Principal::Anonymous, None))
}

async fn of_token(state: &AppState, token: &str) -> Result<Principal, ApiError> {
    if let Some(service) = state.tokens().principal(token) {
        return Ok(service);
    }
    if let Some(found) = state.identity().bearer(token).await? {
        return Ok(found);
    }
    match state.identity().workload(token).await {
        Ok(Some(workload)) => Ok(workload),
        Ok(None) => Err(no_good(
            state,
            "the bearer token is unknown, has expired or was revoked",
        )),
        Err(SignInError::Identity(error)) => Err((*error).into()),
        Err(error @ SignInError::Unavailable(_)) => {
            tracing::warn!(%error, "an access token cannot be looked at");
            Err(ApiError::Unavailable(
                "the sign-in provider of this access token does not answer",
            ))
        }
        Err(error) => {
            tracing::warn!(%error, "an access token is refused");
            Err(no_good(
                state,
                "the sign-in provider's access token is not accepted; the log says why",
            ))
        }
    }
}

/// A token that does not count. How often one address may send such is limited before this.
fn no_good(state: &AppState, reason: &'static str) -> ApiError {
    let authorizer = state.catalog().authorizer();
    let (nobody, grounds) = (Principal::Anonymous, Grounds::rule(reason));
    authorizer.refuse(&nobody, "auth.sign-in", "bearer-token".to_owned(), grounds);
    ApiError::Unauthenticated(reason)
}

async fn of_session(state: &AppState, cookie: &str, local: bool) -> Result<Found, ApiError> {
    let Some(session) = state.identity().current_session(cookie).await? else {
        return Ok((Principal::Anonymous, None));
    };
    match state.identity().principal(&session) {
        Principal::Anonymous => Ok((Principal::Anonymous, None)),
        Principal::LocalAdmin if !local => Ok((Principal::Anonymous, None)),
        principal => Ok((principal, Some(session))),
    }
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

/// The value of the session cookie, when the browser sent one.
pub(crate) fn session_cookie<'a>(state: &AppState, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(headers, state.origin().session_cookie())
}

/// The value of a cookie, when the browser sent it.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(it, value)| (it == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::{super::origin::SESSION_COOKIE, *};

    #[test]
    fn finds_the_session_among_cookies() {
        let mut headers = HeaderMap::new();
        let session = |headers: &HeaderMap| cookie(headers, SESSION_COOKIE).map(str::to_owned);
        headers.append(
            header::COOKIE,
            "theme=dark; portico_session=a.b".parse().unwrap(),
        );
        assert_eq!(session(&headers).as_deref(), Some("a.b"));
        headers.insert(header::COOKIE, "xportico_session=no".parse().unwrap());
        assert_eq!(session(&headers), None);
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
