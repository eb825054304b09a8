//! Sessions begin, and end with a sign-out.

use portico_catalog::{current_address, current_request_id};
use portico_store::{AuditEvent, SessionRow};
use serde_json::json;

use super::{DEVELOPMENT, EndedSession, NewSession, SessionSecret};
use crate::{Identity, Result, now};

/// The browser's name for itself is kept up to here, in characters.
const USER_AGENT: usize = 300;

impl Identity {
    /// Begins a session, always with a new id and a new secret: what the browser held before
    /// does not become it. Writes the audit event `auth.sign-in`.
    pub async fn start_session(&self, new: NewSession) -> Result<SessionSecret> {
        let secret = SessionSecret::random()?;
        let now = now();
        let times = &self.catalog().config().auth.session;
        let ends_at = now + times.absolute_timeout.as_millis() as i64;
        let idle_ends_at = now + times.idle_timeout.as_millis() as i64;
        let tokens = new.tokens.as_ref();
        let tokens = tokens.map(|it| secret.tokens_key().seal(it)).transpose()?;
        let subject = new.subject.label();
        let reason = match new.provider.as_str() {
            DEVELOPMENT => "development sign-in".to_owned(),
            provider => format!("signed in at {provider}"),
        };
        let event = AuditEvent {
            at: now,
            principal: subject.clone(),
            action: "auth.sign-in".to_owned(),
            resource: subject.clone(),
            decision: "allow".to_owned(),
            reason,
            policy: None,
            source: current_address(),
            request_id: current_request_id(),
            details: json!({ "session": secret.id(), "provider": new.provider }),
        };
        let row = SessionRow {
            id: secret.id(),
            digest: secret.digest(),
            subject,
            name: new.subject.name().to_owned(),
            provider: new.provider,
            provider_session: new.provider_session,
            roles: json!(new.roles).to_string(),
            tokens,
            user_agent: new
                .user_agent
                .map(|it| it.chars().take(USER_AGENT).collect()),
            address: current_address().or(new.address),
            created_at: now,
            last_seen_at: now,
            idle_ends_at: idle_ends_at.min(ends_at),
            ends_at,
        };
        self.store().insert_session(&row, &event).await?;
        Ok(secret)
    }

    /// Ends the session of a cookie, and tells what signing out at the provider takes. `None`
    /// when it has ended already. Writes the audit event `auth.sign-out`.
    pub async fn end_session(&self, cookie: &str) -> Result<Option<EndedSession>> {
        let Some(session) = self.session(cookie).await? else {
            return Ok(None);
        };
        let subject = session.subject.label();
        let event = AuditEvent {
            at: now(),
            principal: subject.clone(),
            action: "auth.sign-out".to_owned(),
            resource: subject,
            decision: "allow".to_owned(),
            reason: "asked for".to_owned(),
            policy: None,
            source: current_address(),
            request_id: current_request_id(),
            details: json!({ "session": session.id }),
        };
        let ended = self.store().end_session(session.id, &event).await?;
        self.0.sessions.forget(session.id);
        Ok(ended.then(|| EndedSession {
            subject: session.subject.clone(),
            provider: session.provider.clone(),
            id_token: session.tokens.as_ref().map(|it| it.id_token.clone()),
        }))
    }
}
