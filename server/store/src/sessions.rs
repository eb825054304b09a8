//! Sessions of browsers that are signed in.

use uuid::Uuid;

use crate::{
    AuditEvent, Millis, Store, StoreError, audit,
    engine::{execute, fetch_all, fetch_optional, storable},
};

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// Its id, which is no secret.
    pub id: Uuid,
    /// SHA-256 of the secret in the cookie.
    pub digest: Vec<u8>,
    /// Whose, as audit events name principals.
    pub subject: String,
    /// What to call them.
    pub name: String,
    /// `development`, or the id of the sign-in provider.
    pub provider: String,
    /// What the provider calls its own session (`sid`).
    pub provider_session: Option<String>,
    /// JSON: roles that the provider gave.
    pub roles: String,
    /// Tokens of the provider, encrypted.
    pub tokens: Option<Vec<u8>>,
    /// The browser, as it named itself.
    pub user_agent: Option<String>,
    /// The client's address at sign-in.
    pub address: Option<String>,
    /// When it began.
    pub created_at: Millis,
    /// When it was last used, give or take a minute.
    pub last_seen_at: Millis,
    /// When it ends unless it is used before.
    pub idle_ends_at: Millis,
    /// When it ends.
    pub ends_at: Millis,
}

/// The columns of a [`SessionRow`].
macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, digest, subject, name, provider, provider_session, roles, tokens,
                 user_agent, address, created_at, last_seen_at, idle_ends_at, ends_at
             from session ",
            $rest
        )
    };
}

impl Store {
    /// Begins a session.
    pub async fn insert_session(
        &self,
        session: &SessionRow,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        execute!(
            tx,
            "insert into session (id, digest, subject, name, provider, provider_session, roles,
                 tokens, user_agent, address, created_at, last_seen_at, idle_ends_at, ends_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            session.id,
            session.digest.as_slice(),
            storable(&session.subject).as_ref(),
            storable(&session.name).as_ref(),
            &session.provider,
            session.provider_session.as_deref(),
            storable(&session.roles).as_ref(),
            session.tokens.as_deref(),
            session.user_agent.as_deref(),
            session.address.as_deref(),
            session.created_at,
            session.last_seen_at,
            session.idle_ends_at,
            session.ends_at
        )?;
        audit::append(tx.conn(), event).await?;
        tx.commit().await
    }

    /// The session of an id, unless it has ended by `now`.
    pub async fn session(&self, id: Uuid, now: Millis) -> Result<Option<SessionRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            columns!("where id = $1 and idle_ends_at > $2 and ends_at > $2"),
            id,
            now
        )?)
    }

    /// Somebody's sessions that have not ended by `now`, the one used last first.
    pub async fn sessions_of(
        &self,
        subject: &str,
        now: Millis,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            columns!(
                "where subject = $1 and idle_ends_at > $2 and ends_at > $2
                 order by last_seen_at desc, id desc"
            ),
            subject,
            now
        )?)
    }

    /// Notes that a session is used. Nothing comes back to life by this.
    pub async fn touch_session(
        &self,
        id: Uuid,
        now: Millis,
        idle_ends_at: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        execute!(
            tx,
            "update session set last_seen_at = $2, idle_ends_at = $3
             where id = $1 and last_seen_at < $2 and idle_ends_at > $2",
            id,
            now,
            idle_ends_at
        )?;
        tx.commit().await
    }

    /// Replaces the encrypted tokens of the provider and the roles it gave. False when the
    /// session has ended.
    pub async fn update_session_tokens(
        &self,
        id: Uuid,
        tokens: &[u8],
        roles: &str,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let rows = execute!(
            tx,
            "update session set tokens = $2, roles = $3 where id = $1",
            id,
            tokens,
            storable(roles).as_ref()
        )?;
        tx.commit().await?;
        Ok(rows > 0)
    }

    /// Ends a session. False, and nothing is written, when it has ended already.
    pub async fn end_session(&self, id: Uuid, event: &AuditEvent) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let rows = execute!(tx, "delete from session where id = $1", id)?;
        if rows > 0 {
            audit::append(tx.conn(), event).await?;
        }
        tx.commit().await?;
        Ok(rows > 0)
    }

    /// Ends all sessions of somebody, except for one. How many.
    pub async fn end_sessions_of(
        &self,
        subject: &str,
        except: Option<Uuid>,
        event: &AuditEvent,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let rows = execute!(
            tx,
            "delete from session where subject = $1 and id <> $2",
            subject,
            except.unwrap_or(Uuid::nil())
        )?;
        if rows > 0 {
            audit::append(tx.conn(), event).await?;
        }
        tx.commit().await?;
        Ok(rows)
    }

    /// Ends the sessions that began with a session of a provider. How many.
    pub async fn end_provider_sessions(
        &self,
        provider: &str,
        provider_session: &str,
        event: &AuditEvent,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let rows = execute!(
            tx,
            "delete from session where provider = $1 and provider_session = $2",
            provider,
            provider_session
        )?;
        if rows > 0 {
            audit::append(tx.conn(), event).await?;
        }
        tx.commit().await?;
        Ok(rows)
    }

    /// Removes sessions that have ended by themselves. How many.
    pub async fn prune_sessions(&self, now: Millis) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let rows = execute!(
            tx,
            "delete from session where idle_ends_at <= $1 or ends_at <= $1",
            now
        )?;
        tx.commit().await?;
        Ok(rows)
    }
}
