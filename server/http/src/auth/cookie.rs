//! The session cookie.

use axum::http::HeaderValue;
use portico_identity::SessionSecret;

use crate::{AppState, error::ApiError};

/// `Set-Cookie` for a session that starts.
pub(super) fn set(state: &AppState, session: &SessionSecret) -> Result<HeaderValue, ApiError> {
    let lifetime = state.catalog().config().auth.session.absolute_timeout;
    write(state, session.cookie().expose(), lifetime.as_secs())
}

/// `Set-Cookie` that ends the session.
pub(super) fn remove(state: &AppState) -> Result<HeaderValue, ApiError> {
    write(state, "", 0)
}

fn write(state: &AppState, value: &str, max_age: u64) -> Result<HeaderValue, ApiError> {
    let origin = state.origin();
    let text = text(origin.session_cookie(), value, max_age, origin.is_https());
    HeaderValue::from_str(&text).map_err(|error| ApiError::Internal(error.to_string()))
}

fn text(name: &str, value: &str, max_age: u64, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_other_sites_do_not_get_it() {
        assert_eq!(
            text("__Host-portico_session", "v", 60, true),
            "__Host-portico_session=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(!text("portico_session", "v", 60, false).contains("Secure"));
    }
}
