//! What the token endpoint answers.

use std::time::Duration;

use openidconnect::{
    OAuth2TokenResponse as _, RequestTokenError,
    core::{CoreRequestTokenError, CoreTokenResponse},
};
use portico_store::Millis;

use super::{
    SignInError,
    web::{WebError, chain},
};
use crate::now;

/// How long an access token counts that does not say.
const USUAL: Duration = Duration::from_hours(1);

/// The provider's words are kept up to here, in characters.
const DESCRIPTION: usize = 300;

/// Until when the access token counts, in milliseconds since the Unix epoch.
pub(super) fn expires_at(response: &CoreTokenResponse) -> Millis {
    let lasts = response.expires_in().unwrap_or(USUAL);
    now().saturating_add(lasts.as_millis() as Millis)
}

/// A refusal of the token endpoint, or none of its answers.
pub(super) fn failed(error: CoreRequestTokenError<WebError>) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(answer) => refused(
            answer.error().as_ref(),
            answer.error_description().map(String::as_str),
        ),
        RequestTokenError::Request(error) => SignInError::Unavailable(chain(&error)),
        // Its text may hold what the provider sent, tokens included.
        RequestTokenError::Parse(error, _) => {
            SignInError::Unavailable(format!("its tokens are not readable: {error}"))
        }
        RequestTokenError::Other(why) => SignInError::Unavailable(why),
    }
}

/// A refusal of the provider, in its words.
pub(super) fn refused(code: &str, description: Option<&str>) -> SignInError {
    let cut = |text: &str| text.chars().take(DESCRIPTION).collect();
    SignInError::Refused {
        code: cut(code),
        description: cut(description.unwrap_or("it does not say why")),
    }
}
