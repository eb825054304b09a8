//! The cookie of a sign-in that has begun: one for each, so that two tabs can sign in at once.

use axum::http::{HeaderMap, HeaderValue};
use portico_identity::BegunSignIn;

use crate::{AppState, edge::cookie, error::ApiError};

/// Enough of the state to tell one from another.
const SHORT: usize = 8;

/// `Set-Cookie` for a sign-in that begins.
pub(super) fn set(state: &AppState, begun: &BegunSignIn) -> Result<HeaderValue, ApiError> {
    write(state, &begun.state, &begun.cookie, BegunSignIn::MAX_AGE)
}

/// `Set-Cookie` that forgets it.
pub(super) fn remove(state: &AppState, of: &str) -> Result<HeaderValue, ApiError> {
    write(state, of, "", 0)
}

/// What the browser kept of the sign-in with that state.
pub(super) fn get<'a>(app: &AppState, headers: &'a HeaderMap, state: &str) -> Option<&'a str> {
    cookie(headers, &name(state, app.origin().is_https()))
}

fn write(app: &AppState, state: &str, value: &str, max_age: u64) -> Result<HeaderValue, ApiError> {
    let https = app.origin().is_https();
    let secure = if https { "; Secure" } else { "" };
    let name = name(state, https);
    // `Lax`, since the browser comes back from another site.
    let text = format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).map_err(|error| ApiError::Internal(error.to_string()))
}

/// Over https the name has browsers refuse a cookie that another host set.
fn name(state: &str, https: bool) -> String {
    let plain = |it: &char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let short: String = state.chars().filter(plain).take(SHORT).collect();
    let prefix = if https { "__Host-" } else { "" };
    format!("{prefix}portico_sign_in_{short}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_names_a_cookie_and_nothing_else() {
        assert_eq!(name("abcdefghij", false), "portico_sign_in_abcdefgh");
        assert_eq!(name("a; Path=/x", true), "__Host-portico_sign_in_aPathx");
    }
}
