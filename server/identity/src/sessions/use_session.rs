//! What a browser's cookie stands for.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use portico_access::Principal;
use portico_store::{Millis, SessionRow, StoreError};
use serde_json::json;

use super::{ActiveSession, DEVELOPMENT, ProviderTokens, SessionSecret, Subject, cache::Entry};
use crate::{Identity, Result, now};

/// How often it is noted that a session is used.
const TOUCH: Millis = 60_000;

impl Identity {
    /// The session of a cookie; `None` when it has ended, or never was. One that is revoked
    /// elsewhere is refused here within two seconds.
    pub async fn session(&self, cookie: &str) -> Result<Option<Arc<ActiveSession>>> {
        self.session_at(cookie, now()).await
    }

    /// As [`Self::session`], at a time in milliseconds since the Unix epoch.
    pub async fn session_at(
        &self,
        cookie: &str,
        now: Millis,
    ) -> Result<Option<Arc<ActiveSession>>> {
        let Some(secret) = SessionSecret::parse(cookie) else {
            return Ok(None);
        };
        let entry = match self.0.sessions.get(secret.id(), now) {
            Some(entry) => entry,
            None => match self.read_session(&secret, now).await? {
                Some(entry) => entry,
                None => return Ok(None),
            },
        };
        let counts = verify_slices_are_equal(&entry.digest, &secret.digest()).is_ok()
            && entry.session.idle_ends_at > now
            && entry.session.ends_at > now;
        Ok(counts.then_some(entry.session))
    }

    /// Who acts in a session, with the groups they belong to now. Nobody once their `User` is
    /// gone from the catalog, or the portal is no development portal any more.
    pub fn principal(&self, session: &ActiveSession) -> Principal {
        let development = self.catalog().config().is_development();
        if session.provider == DEVELOPMENT && !development {
            return Principal::Anonymous;
        }
        match &session.subject {
            Subject::LocalAdmin => Principal::LocalAdmin,
            Subject::Guest { subject, .. } => Principal::Guest {
                subject: subject.as_str().into(),
                roles: Arc::clone(&session.roles),
            },
            Subject::User(user) => match self.catalog().member(user, &self.groups_of(session)) {
                Some(Principal::User { user_ref, owns, .. }) => Principal::User {
                    user_ref,
                    owns,
                    roles: Arc::clone(&session.roles),
                },
                _ => Principal::Anonymous,
            },
        }
    }

    /// The groups of the catalog that the provider's roles and groups stand for.
    fn groups_of(&self, session: &ActiveSession) -> Vec<&str> {
        let provider = self.catalog().config().auth.provider(&session.provider);
        let memberships = provider.iter().flat_map(|it| &it.memberships);
        let told = |from: &str| {
            let mut roles = session.roles.iter();
            roles.any(|role| role == from || role.strip_prefix("group:") == Some(from))
        };
        memberships
            .filter(|it| told(&it.from))
            .map(|it| it.group.as_str())
            .collect()
    }

    /// Keeps what a provider gave in exchange for a refresh token. False when the session has
    /// ended meanwhile.
    pub async fn update_session_tokens(
        &self,
        session: &ActiveSession,
        tokens: &ProviderTokens,
        roles: &[String],
    ) -> Result<bool> {
        let sealed = session.key.seal(tokens)?;
        let roles = json!(roles).to_string();
        let kept = self
            .store()
            .update_session_tokens(session.id, &sealed, &roles)
            .await?;
        self.0.sessions.forget(session.id);
        Ok(kept)
    }

    async fn read_session(&self, secret: &SessionSecret, now: Millis) -> Result<Option<Entry>> {
        let Some(row) = self.store().session(secret.id(), now).await? else {
            self.0.sessions.forget(secret.id());
            return Ok(None);
        };
        // Whoever holds no secret learns nothing, and keeps nothing alive.
        if verify_slices_are_equal(&row.digest, &secret.digest()).is_err() {
            return Ok(None);
        }
        let row = self.touch(row, now).await?;
        let entry = Entry {
            digest: row.digest.clone(),
            session: Arc::new(active(row, secret)?),
            read_at: now,
        };
        self.0.sessions.put(entry.clone());
        Ok(Some(entry))
    }

    async fn touch(&self, mut row: SessionRow, now: Millis) -> Result<SessionRow> {
        if now - row.last_seen_at < TOUCH {
            return Ok(row);
        }
        let idle = self.catalog().config().auth.session.idle_timeout;
        row.last_seen_at = now;
        row.idle_ends_at = (now + idle.as_millis() as i64).min(row.ends_at);
        self.store()
            .touch_session(row.id, now, row.idle_ends_at)
            .await?;
        Ok(row)
    }
}

fn active(row: SessionRow, secret: &SessionSecret) -> Result<ActiveSession> {
    let inconsistent = |what: &str| StoreError::Inconsistent {
        table: "session",
        what: format!("{what} of session {}", row.id),
    };
    let roles: Vec<String> =
        serde_json::from_str(&row.roles).map_err(|_| inconsistent("the roles"))?;
    let subject = Subject::of_label(&row.subject, row.name.clone())
        .ok_or_else(|| inconsistent("the subject"))?;
    let key = secret.tokens_key();
    let tokens = match &row.tokens {
        Some(sealed) => Some(key.open(sealed).ok_or_else(|| inconsistent("the tokens"))?),
        None => None,
    };
    Ok(ActiveSession {
        id: row.id,
        subject,
        provider: row.provider,
        provider_session: row.provider_session,
        roles: roles.into(),
        tokens,
        idle_ends_at: row.idle_ends_at,
        ends_at: row.ends_at,
        key,
    })
}
