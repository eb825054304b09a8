//! Access tokens of people and of services. Only their digests are stored.

use uuid::Uuid;

use crate::{
    AuditEvent, Millis, Store, StoreError, audit,
    engine::{execute, fetch_all, fetch_optional, storable},
};

/// An access token.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TokenRow {
    /// Its id, which is no secret.
    pub id: Uuid,
    /// `personal` or `service`.
    pub kind: String,
    /// The ref of the person who holds it, or the name of the service.
    pub owner: String,
    /// What its owner calls it.
    pub name: String,
    /// SHA-256 of the token.
    pub digest: Vec<u8>,
    /// How it begins, to tell it from others.
    pub prefix: String,
    /// JSON: what it is limited to; an empty list is no limit.
    pub restrictions: String,
    /// Who made it, as audit events name principals.
    pub created_by: String,
    /// When.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<Millis>,
    /// When it was revoked.
    pub revoked_at: Option<Millis>,
}

/// The columns of a [`TokenRow`].
macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, kind, owner, name, digest, prefix, restrictions, created_by, created_at,
                 expires_at, last_used_at, revoked_at
             from access_token ",
            $rest
        )
    };
}

impl Store {
    /// Keeps a new token. False, and nothing is written, when the service has one already.
    pub async fn insert_token(
        &self,
        token: &TokenRow,
        event: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let rows = execute!(
            tx,
            "insert into access_token (id, kind, owner, name, digest, prefix, restrictions,
                 created_by, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict do nothing",
            token.id,
            &token.kind,
            storable(&token.owner).as_ref(),
            storable(&token.name).as_ref(),
            token.digest.as_slice(),
            &token.prefix,
            &token.restrictions,
            &token.created_by,
            token.created_at,
            token.expires_at
        )?;
        if rows > 0 {
            audit::append(tx.conn(), event).await?;
        }
        tx.commit().await?;
        Ok(rows > 0)
    }

    /// The token with a digest that counts at `now`.
    pub async fn token_with_digest(
        &self,
        digest: &[u8],
        now: Millis,
    ) -> Result<Option<TokenRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            columns!("where digest = $1 and revoked_at is null and expires_at > $2"),
            digest,
            now
        )?)
    }

    /// The token of an id that is not revoked.
    pub async fn token(&self, id: Uuid) -> Result<Option<TokenRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            columns!("where id = $1 and revoked_at is null"),
            id
        )?)
    }

    /// The tokens of somebody that are not revoked, the newest first.
    pub async fn tokens_of(&self, owner: &str) -> Result<Vec<TokenRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            columns!(
                "where kind = 'personal' and owner = $1 and revoked_at is null
                 order by created_at desc, id desc"
            ),
            owner
        )?)
    }

    /// The tokens of services that are not revoked, by name.
    pub async fn service_tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            columns!("where kind = 'service' and revoked_at is null order by owner")
        )?)
    }

    /// The token of a service that counts at `now`.
    pub async fn service_token(
        &self,
        service: &str,
        now: Millis,
    ) -> Result<Option<TokenRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            columns!(
                "where kind = 'service' and owner = $1 and revoked_at is null and expires_at > $2"
            ),
            service,
            now
        )?)
    }

    /// Notes that a token is used.
    pub async fn touch_token(&self, id: Uuid, now: Millis) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        execute!(
            tx,
            "update access_token set last_used_at = $2 where id = $1",
            id,
            now
        )?;
        tx.commit().await
    }

    /// Revokes a token. False, and nothing is written, when it is revoked already.
    pub async fn revoke_token(
        &self,
        id: Uuid,
        now: Millis,
        event: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let rows = execute!(
            tx,
            "update access_token set revoked_at = $2 where id = $1 and revoked_at is null",
            id,
            now
        )?;
        if rows > 0 {
            audit::append(tx.conn(), event).await?;
        }
        tx.commit().await?;
        Ok(rows > 0)
    }

    /// Removes tokens that ended, or were revoked, before a time. How many.
    pub async fn prune_tokens(&self, before: Millis) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let rows = execute!(
            tx,
            "delete from access_token where expires_at < $1 or revoked_at < $1",
            before
        )?;
        tx.commit().await?;
        Ok(rows)
    }
}
