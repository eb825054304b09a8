//! A sign-in comes back from the provider.

use openidconnect::{
    AuthorizationCode, Nonce, OAuth2TokenResponse as _, PkceCodeVerifier, TokenResponse as _,
    core::CoreTokenResponse,
};
use portico_catalog::{current_address, current_request_id};
use portico_config::Secret;
use portico_store::AuditEvent;
use serde_json::json;

use super::{
    Claims, SignInError,
    exchange::{expires_at, refused},
    pending::{LIFETIME, Pending, PendingKey, once},
    provider::Provider,
};
use crate::{Identity, NewSession, ProviderTokens, SessionSecret, Subject, link, now};

/// What a provider sends back through the browser.
#[derive(Clone, Debug, Default)]
pub struct SignInAnswer {
    /// What the sign-in began with.
    pub state: String,
    /// What stands for the tokens.
    pub code: Option<Secret>,
    /// Who answers, where the provider says so.
    pub issuer: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
    /// The same in words of the provider.
    pub error_description: Option<String>,
}

/// The browser that signs in.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// As it names itself.
    pub user_agent: Option<String>,
    /// Its address.
    pub address: Option<String>,
}

/// Somebody is signed in.
#[derive(Clone, Debug)]
pub struct FinishedSignIn {
    /// The new session.
    pub session: SessionSecret,
    /// The path of the portal to go to.
    pub return_to: String,
}

/// What the provider proved.
struct Proven {
    claims: Claims,
    /// What the person is known by.
    key: String,
    tokens: ProviderTokens,
    access_token: Secret,
}

impl Identity {
    /// Signs in whoever comes back from a provider, in the browser that began it (`cookie`).
    /// A failure is in the audit log as a denied `auth.sign-in`.
    pub async fn finish_sign_in(
        &self,
        provider: &str,
        answer: SignInAnswer,
        cookie: Option<&str>,
        browser: Browser,
    ) -> Result<FinishedSignIn, SignInError> {
        let mut key = None;
        let address = browser.address.clone();
        let finished = self
            .finish(provider, answer, cookie, browser, &mut key)
            .await;
        if let Err(error) = &finished {
            self.note_failure(provider, key, address, error).await?;
        }
        finished
    }

    /// Writes that a sign-in failed.
    pub async fn note_failure(
        &self,
        provider: &str,
        key: Option<String>,
        address: Option<String>,
        error: &SignInError,
    ) -> Result<(), SignInError> {
        // It may be whatever somebody wrote into an address.
        let provider: String = provider.chars().take(40).collect();
        tracing::warn!(provider, code = error.code(), %error, "a sign-in failed");
        let event = AuditEvent {
            at: now(),
            principal: key.map_or_else(|| "anonymous".to_owned(), |it| format!("guest:{it}")),
            action: "auth.sign-in".to_owned(),
            resource: format!("provider:{provider}"),
            decision: "deny".to_owned(),
            reason: error.code().to_owned(),
            policy: None,
            source: current_address().or(address),
            request_id: current_request_id(),
            details: json!({ "provider": provider, "error": error.to_string() }),
        };
        Ok(self.store().append_audit(&event).await?)
    }

    async fn finish(
        &self,
        provider: &str,
        answer: SignInAnswer,
        cookie: Option<&str>,
        browser: Browser,
        key: &mut Option<String>,
    ) -> Result<FinishedSignIn, SignInError> {
        let provider = self.oidc().provider(provider)?;
        let pending = self.pending(provider, &answer.state, cookie).await?;
        if let Some(code) = answer.error {
            return Err(refused(&code, answer.error_description.as_deref()));
        }
        let code = answer
            .code
            .ok_or_else(|| refused("no_code", Some("neither a code nor an error came back")))?;
        provider.require_issuer(answer.issuer.as_deref()).await?;
        let proven = provider.redeem(code, &pending).await?;
        *key = Some(proven.key.clone());
        let roles = provider.roles(&proven.claims, &proven.access_token).await?;
        let subject = self.subject(provider, &proven)?;
        let session = self.start_session(NewSession {
            subject,
            provider: provider.config.id().to_owned(),
            provider_session: proven.claims.sid,
            roles,
            tokens: Some(proven.tokens),
            user_agent: browser.user_agent,
            address: browser.address,
        });
        Ok(FinishedSignIn {
            session: session.await?,
            return_to: pending.return_to,
        })
    }

    /// The sign-in that comes back: begun by this browser, lately, and never before.
    async fn pending(
        &self,
        provider: &Provider,
        state: &str,
        cookie: Option<&str>,
    ) -> Result<Pending, SignInError> {
        let key = PendingKey::of(self).await?;
        let pending = cookie
            .and_then(|cookie| key.open(state, cookie))
            .filter(|it| it.provider == provider.config.id())
            .ok_or(SignInError::NotBegun)?;
        let (now, until) = (now(), pending.begun_at + LIFETIME);
        if now >= until {
            return Err(SignInError::TooLate);
        }
        if !self.store().claim_once(&once(state), now, until).await? {
            return Err(SignInError::Replayed);
        }
        Ok(pending)
    }

    fn subject(&self, provider: &Provider, proven: &Proven) -> Result<Subject, SignInError> {
        let config = &provider.config;
        match link::resolve(self.catalog(), config, &proven.claims)? {
            Some(user) => Ok(Subject::User(user)),
            None if config.allow_guests => Ok(Subject::Guest {
                subject: proven.key.clone(),
                name: proven.claims.display_name(),
            }),
            None => Err(link::nobody(config, &proven.claims)),
        }
    }
}

impl Provider {
    /// RFC 9207: a code of another provider is not sent to this one.
    async fn require_issuer(&self, issuer: Option<&str>) -> Result<(), SignInError> {
        let metadata = self.metadata().await?;
        let required = metadata.authorization_response_iss_parameter_supported;
        let wrong = match issuer {
            None => required,
            Some(issuer) => !metadata.is_of_many_tenants() && issuer != metadata.issuer,
        };
        if wrong {
            return Err(SignInError::Token(
                "another provider answers (iss)".to_owned(),
            ));
        }
        Ok(())
    }

    /// Exchanges the code for tokens, and believes them.
    async fn redeem(&self, code: Secret, pending: &Pending) -> Result<Proven, SignInError> {
        let client = self.client().await?;
        let response: CoreTokenResponse = client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()))
            .request_async(&self.web)
            .await
            .map_err(super::exchange::failed)?;
        let id_token = response
            .id_token()
            .ok_or_else(|| SignInError::Token("there is no ID token".to_owned()))?;
        let nonce = Nonce::new(pending.nonce.clone());
        let claims = self.verify(id_token, Some(&nonce)).await?;
        let key = claims.key(self.config.kind)?;
        let refresh_token = response.refresh_token();
        Ok(Proven {
            key,
            tokens: ProviderTokens {
                id_token: Secret::new(id_token.to_string()),
                refresh_token: refresh_token.map(|it| Secret::new(it.secret().clone())),
                expires_at: expires_at(&response),
            },
            access_token: Secret::new(response.access_token().secret().clone()),
            claims,
        })
    }
}
