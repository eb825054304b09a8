//! Versions of the policies that are written in the portal.

use crate::{
    AuditEvent, Millis, Store, StoreError, audit,
    engine::{fetch_all, fetch_one, fetch_optional},
};

/// One version of the policies.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PolicyVersion {
    /// Counts from 1; the largest is in force.
    pub number: i64,
    /// The policies, in Cedar.
    pub text: String,
    /// What changed and why, in the words of who wrote it.
    pub note: String,
    /// Who, as audit events name principals.
    pub created_by: String,
    /// When.
    pub created_at: Millis,
}

impl Store {
    /// The number of the version in force; 0 when none was ever written.
    pub async fn policy_number(&self) -> Result<i64, StoreError> {
        let mut db = self.read().await?;
        let (number,): (i64,) =
            fetch_one!(db, "select coalesce(max(number), 0) from policy_version")?;
        Ok(number)
    }

    /// One version.
    pub async fn policy_version(&self, number: i64) -> Result<Option<PolicyVersion>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            "select number, text, note, created_by, created_at from policy_version
             where number = $1",
            number
        )?)
    }

    /// Versions, newest first, at most `limit`.
    pub async fn policy_versions(&self, limit: usize) -> Result<Vec<PolicyVersion>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            "select number, text, note, created_by, created_at from policy_version
             order by number desc limit $1",
            limit as i64
        )?)
    }

    /// Adds the version after `version.number - 1`, which must be the one in force. False, and
    /// nothing is written, when another one is by now.
    pub async fn add_policy_version(
        &self,
        version: &PolicyVersion,
        event: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let added: Option<(i64,)> = fetch_optional!(
            tx,
            "insert into policy_version (number, text, note, created_by, created_at)
             select $1, $2, $3, $4, $5
             where (select coalesce(max(number), 0) from policy_version) = $1 - 1
             on conflict do nothing
             returning number",
            version.number,
            &version.text,
            &version.note,
            &version.created_by,
            version.created_at
        )?;
        if added.is_none() {
            return Ok(false);
        }
        audit::append(tx.conn(), event).await?;
        tx.commit().await?;
        Ok(true)
    }
}
