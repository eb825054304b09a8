//! The session cookie.

use axum::http::HeaderValue;

use crate::{
    AppState,
    edge::{SESSION_COOKIE, SESSION_LIFETIME},
    error::ApiError,
};

/// `Set-Cookie` for a sealed session.
pub(super) fn set(state: &AppState, value: &str) -> Result<HeaderValue, ApiError> {
    write(value, SESSION_LIFETIME.as_secs(), state.origin().is_https())
}

/// `Set-Cookie` that ends the session.
pub(super) fn remove(state: &AppState) -> Result<HeaderValue, ApiError> {
    write("", 0, state.origin().is_https())
}

fn write(value: &str, max_age: u64, https: bool) -> Result<HeaderValue, ApiError> {
    let secure = if https { "; Secure" } else { "" };
    let text = format!(
        "{SESSION_COOKIE}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}"
    );
    HeaderValue::from_str(&text).map_err(|error| ApiError::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_other_sites_do_not_get_it() {
        let cookie = write("v", 60, true).unwrap();
        assert_eq!(
            cookie,
            "portico_session=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(
            !write("v", 60, false)
                .unwrap()
                .to_str()
                .unwrap()
                .contains("Secure")
        );
    }
}
