//! Which sessions there are, and ending them.

use portico_access::{Action, Principal, Resource};
use portico_catalog::{Catalog, current_address, current_request_id};
use portico_store::{AuditEvent, SessionRow};
use serde_json::json;
use uuid::Uuid;

use super::{ActiveSession, SessionView};
use crate::{Identity, IdentityError, Result, now};

impl Identity {
    /// The sessions of `who`, or of `other` (as audit events name principals) for those who
    /// may, the one used last first.
    pub async fn sessions_of(
        &self,
        who: &Principal,
        other: Option<&str>,
    ) -> Result<Vec<SessionView>> {
        let subject = self.require_sessions(who, other)?.0;
        let rows = self.store().sessions_of(&subject, now()).await?;
        Ok(rows.into_iter().map(SessionView::from).collect())
    }

    /// Ends one session: one of one's own, or anybody's for those who may. Fails with
    /// [`IdentityError::NotFound`] when there is none that the caller may know of.
    pub async fn revoke_session(&self, who: &Principal, id: Uuid) -> Result<()> {
        let not_found = || IdentityError::NotFound(format!("session {id}"));
        let authorizer = self.catalog().authorizer();
        authorizer.require(who, Action::SessionOwn, &Resource::Any)?;
        let row = self.store().session(id, now()).await?;
        let row = row.ok_or_else(not_found)?;
        let action = match row.subject == who.label() {
            true => Action::SessionOwn,
            false => Action::SessionManage,
        };
        // Who may not end it may not know that it exists either.
        let grounds = authorizer.require(who, action, &Resource::Any);
        let grounds = grounds.map_err(|_| not_found())?;
        let details = json!({ "of": row.subject });
        let event = AuditEvent {
            resource: format!("session:{}", id.simple()),
            ..Catalog::audit(who, action, &Resource::Any, grounds, details)
        };
        self.store().end_session(id, &event).await?;
        self.0.sessions.forget(id);
        Ok(())
    }

    /// Ends all sessions of `who` except for `current`, or all of `other` for those who may.
    /// How many.
    pub async fn revoke_sessions_of(
        &self,
        who: &Principal,
        other: Option<&str>,
        current: Option<&ActiveSession>,
    ) -> Result<u64> {
        let (subject, event) = self.require_sessions(who, other)?;
        let except = current.map(|it| it.id);
        let ended = self
            .store()
            .end_sessions_of(&subject, except, &event)
            .await?;
        self.0.sessions.forget_all();
        Ok(ended)
    }

    /// Ends the sessions that began with a session (`sid`) of a provider, when the provider
    /// says that it is over. How many.
    pub async fn end_provider_sessions(&self, provider: &str, session: &str) -> Result<u64> {
        let event = AuditEvent {
            at: now(),
            principal: Principal::System.label(),
            action: "auth.sign-out".to_owned(),
            resource: format!("provider:{provider}"),
            decision: "allow".to_owned(),
            reason: format!("signed out at {provider}"),
            policy: None,
            source: current_address(),
            request_id: current_request_id(),
            details: json!({ "providerSession": session }),
        };
        let ended = self
            .store()
            .end_provider_sessions(provider, session, &event)
            .await?;
        self.0.sessions.forget_all();
        Ok(ended)
    }

    /// Whose sessions are meant, and the event of ending them.
    fn require_sessions(
        &self,
        who: &Principal,
        other: Option<&str>,
    ) -> Result<(String, AuditEvent)> {
        let own = who.label();
        let subject = other.unwrap_or(&own).to_owned();
        let action = if subject == own {
            Action::SessionOwn
        } else {
            Action::SessionManage
        };
        let authorizer = self.catalog().authorizer();
        let grounds = authorizer.require(who, action, &Resource::Any)?;
        let details = json!({ "of": subject });
        let event = AuditEvent {
            resource: format!("sessions of {subject}"),
            ..Catalog::audit(who, action, &Resource::Any, grounds, details)
        };
        Ok((subject, event))
    }
}

impl From<SessionRow> for SessionView {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            subject: row.subject,
            provider: row.provider,
            user_agent: row.user_agent,
            address: row.address,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            ends_at: row.idle_ends_at.min(row.ends_at),
        }
    }
}
