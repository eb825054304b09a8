//! A sign-in begins: the browser goes to the provider.

use openidconnect::{
    AuthenticationFlow, CsrfToken, Nonce, PkceCodeChallenge, Scope, core::CoreResponseType,
};
use url::Url;

use super::{
    SignInError,
    pending::{LIFETIME, Pending, PendingKey},
};
use crate::{Identity, now};

/// A sign-in that has begun.
#[derive(Clone, Debug)]
pub struct BegunSignIn {
    /// Where the browser goes now.
    pub url: Url,
    /// What comes back with it. The cookie is found by it.
    pub state: String,
    /// What the browser keeps meanwhile, for [`Self::MAX_AGE`].
    pub cookie: String,
}

impl BegunSignIn {
    /// How long a sign-in may take, in seconds.
    pub const MAX_AGE: u64 = LIFETIME as u64 / 1000;
}

impl Identity {
    /// Begins a sign-in at a provider, after which the browser goes to `return_to`, a path of
    /// the portal that the caller has checked.
    pub async fn begin_sign_in(
        &self,
        provider: &str,
        return_to: &str,
    ) -> Result<BegunSignIn, SignInError> {
        let provider = self.oidc().provider(provider)?;
        let client = provider.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new_random_len(32),
                || Nonce::new_random_len(32),
            )
            .set_pkce_challenge(challenge);
        // The scope openid is the crate's own.
        for scope in provider.config.scopes.iter().filter(|it| *it != "openid") {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        for (name, value) in &provider.config.authorize_params {
            request = request.add_extra_param(name.clone(), value.clone());
        }
        let (url, state, nonce) = request.url();
        let state = state.into_secret();
        let pending = Pending {
            provider: provider.config.id().to_owned(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            return_to: return_to.to_owned(),
            begun_at: now(),
        };
        let cookie = PendingKey::of(self).await?.seal(&state, &pending)?;
        Ok(BegunSignIn { url, state, cookie })
    }
}
