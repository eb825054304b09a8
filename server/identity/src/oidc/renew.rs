//! Sessions are renewed at the provider: roles change, accounts are shut down.

use std::sync::Arc;

use openidconnect::{
    OAuth2TokenResponse as _, RefreshToken, TokenResponse as _, core::CoreTokenResponse,
};
use portico_catalog::{current_address, current_request, current_request_id, with_request};
use portico_config::Secret;
use portico_store::{AuditEvent, Millis};
use serde_json::json;
use tracing::Instrument as _;

use super::{
    Claims, SignInError,
    exchange::{expires_at, failed},
    provider::Provider,
};
use crate::{ActiveSession, Identity, ProviderTokens, Result, now};

/// How long another attempt waits after one that came to nothing, and how long one may take.
const PATIENCE: Millis = 60_000;

/// What a provider says when somebody has to sign in again.
const OVER: [&str; 4] = [
    "invalid_grant",
    "interaction_required",
    "login_required",
    "consent_required",
];

/// What became of a session.
enum Outcome {
    AsItWas,
    Renewed,
    Over,
}

struct Renewed {
    tokens: ProviderTokens,
    roles: Vec<String>,
}

impl Identity {
    /// The session of a cookie, renewed at its provider when that is due; `None` when it has
    /// ended, or ends by that.
    pub async fn current_session(&self, cookie: &str) -> Result<Option<Arc<ActiveSession>>> {
        let Some(session) = self.session(cookie).await? else {
            return Ok(None);
        };
        match self.renew(&session).await? {
            Outcome::AsItWas => Ok(Some(session)),
            Outcome::Renewed => self.session(cookie).await,
            Outcome::Over => Ok(None),
        }
    }

    /// Asks the provider again about a session whose access token has run out.
    ///
    /// What was begun is ended although the browser leaves meanwhile: between the provider's
    /// taking of the refresh token and the keeping of the next one there is no way back.
    async fn renew(&self, session: &Arc<ActiveSession>) -> Result<Outcome> {
        let (now, tokens) = (now(), session.tokens.as_ref());
        let due = tokens.is_some_and(|it| it.refresh_token.is_some() && it.expires_at <= now);
        if !due || !self.oidc().may_renew(session.id, now) {
            return Ok(Outcome::AsItWas);
        }
        let (identity, session) = (self.clone(), Arc::clone(session));
        let work = async move { identity.renew_once(&session, now).await }.in_current_span();
        let work = match current_request() {
            Some(request) => tokio::spawn(with_request(request, work)),
            None => tokio::spawn(work),
        };
        work.await.unwrap_or_else(|error| {
            tracing::error!(%error, "the renewal of a session came to no end");
            Ok(Outcome::AsItWas)
        })
    }

    /// Asks the provider, once for all replicas. The session is over when the provider takes the
    /// refresh token no more. While the provider is down sessions go on as they are.
    async fn renew_once(&self, session: &ActiveSession, now: Millis) -> Result<Outcome> {
        let Some((refresh, tokens)) = session
            .tokens
            .as_ref()
            .and_then(|it| Some((it.refresh_token.as_ref()?, it)))
        else {
            return Ok(Outcome::AsItWas);
        };
        let Ok(provider) = self.oidc().provider(&session.provider) else {
            // It is configured no more, so nobody vouches for the person.
            return self
                .end_refused(session, "it is not configured any more")
                .await;
        };
        let once = format!("renew:{}", session.id.simple());
        if !self.store().claim_once(&once, now, now + PATIENCE).await? {
            return Ok(Outcome::AsItWas);
        }
        match provider.renew(session, tokens, refresh).await {
            Ok(renewed) => {
                let kept = self
                    .update_session_tokens(session, &renewed.tokens, &renewed.roles)
                    .await?;
                self.oidc().renewed(session.id);
                Ok(if kept {
                    Outcome::Renewed
                } else {
                    Outcome::Over
                })
            }
            Err(SignInError::Unavailable(why)) => {
                tracing::warn!(provider = session.provider, why, "a session is not renewed");
                Ok(Outcome::AsItWas)
            }
            Err(SignInError::Refused { code, description }) if !OVER.contains(&code.as_str()) => {
                tracing::error!(
                    provider = session.provider,
                    code,
                    description,
                    "a session is not renewed"
                );
                Ok(Outcome::AsItWas)
            }
            Err(error) => self.end_refused(session, &error.to_string()).await,
        }
    }

    async fn end_refused(&self, session: &ActiveSession, why: &str) -> Result<Outcome> {
        let subject = session.subject.label();
        let event = AuditEvent {
            at: now(),
            principal: subject.clone(),
            action: "auth.sign-out".to_owned(),
            resource: subject,
            decision: "allow".to_owned(),
            reason: format!("{} did not renew the session", session.provider),
            policy: None,
            source: current_address(),
            request_id: current_request_id(),
            details: json!({ "session": session.id, "error": why }),
        };
        self.forget_session(session.id);
        self.store().end_session(session.id, &event).await?;
        Ok(Outcome::Over)
    }
}

impl Provider {
    async fn renew(
        &self,
        session: &ActiveSession,
        tokens: &ProviderTokens,
        refresh: &Secret,
    ) -> Result<Renewed, SignInError> {
        let client = self.client().await?;
        // Without keys what comes could not be believed, and the refresh token would be gone.
        self.keys(None).await?;
        let refresh_token = RefreshToken::new(refresh.expose().to_owned());
        let response: CoreTokenResponse = client
            .exchange_refresh_token(&refresh_token)
            .request_async(&self.web)
            .await
            .map_err(failed)?;
        // The old refresh token may be good for nothing now, so what came is kept whatever
        // else goes wrong.
        let mut renewed = Renewed {
            tokens: ProviderTokens {
                id_token: tokens.id_token.clone(),
                refresh_token: response
                    .refresh_token()
                    .map(|it| Secret::new(it.secret().clone()))
                    .or_else(|| Some(refresh.clone())),
                expires_at: expires_at(&response),
            },
            roles: session.roles.to_vec(),
        };
        let Some(id_token) = response.id_token() else {
            return Ok(renewed);
        };
        let claims = self.verify(id_token, None).await?;
        let kind = self.config.kind;
        let before = Claims::unverified(tokens.id_token.expose())?.key(kind)?;
        if claims.key(kind)? != before {
            return Err(SignInError::Token("it is of somebody else".to_owned()));
        }
        renewed.tokens.id_token = Secret::new(id_token.to_string());
        let access_token = Secret::new(response.access_token().secret().clone());
        match self.roles(&claims, &access_token).await {
            Ok(roles) => renewed.roles = roles,
            Err(error) => {
                // What was known last counts until it is known again, which is tried soon.
                tracing::warn!(%error, "the groups of a session are not renewed");
                renewed.tokens.expires_at = now() + PATIENCE;
            }
        }
        Ok(renewed)
    }
}
