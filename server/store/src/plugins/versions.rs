//! What was handed in, and what was decided about it.

use crate::{
    AuditEvent, Millis, PluginVersionRow, Store, StoreError,
    engine::{execute, fetch_all, fetch_optional},
};

/// A decision about a version, and what it is approved with.
#[derive(Clone, Debug, Default)]
pub struct PluginDecision {
    /// The status it gets.
    pub status: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Millis,
    /// Why.
    pub reason: Option<String>,
    /// As JSON; left as they are when none.
    pub grants: Option<String>,
    /// As JSON; left as they are when none.
    pub limits: Option<String>,
    /// As JSON; left as it is when none.
    pub config: Option<String>,
}

impl Store {
    /// Every version of one plugin, or of all, newest first.
    pub async fn plugin_versions(
        &self,
        plugin_id: Option<&str>,
    ) -> Result<Vec<PluginVersionRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            "select digest, plugin_id, version, status, report, submitted_by, submitted_at,
                 decided_by, decided_at, reason, grants, limits, config, origin
             from plugin_version where $1 is null or plugin_id = $1
             order by submitted_at desc, digest",
            plugin_id
        )?)
    }

    /// The version with this digest.
    pub async fn plugin_version(
        &self,
        digest: &str,
    ) -> Result<Option<PluginVersionRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            "select digest, plugin_id, version, status, report, submitted_by, submitted_at,
                 decided_by, decided_at, reason, grants, limits, config, origin
             from plugin_version where digest = $1",
            digest
        )?)
    }

    /// The file of a version.
    pub async fn plugin_file(&self, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut db = self.read().await?;
        let row: Option<(Vec<u8>,)> = fetch_optional!(
            db,
            "select content from plugin_file where digest = $1",
            digest
        )?;
        Ok(row.map(|(content,)| content))
    }

    /// Keeps a file that was handed in. False, and nothing is written, when this file is
    /// known already, or this version of the plugin in another file that was not rejected.
    pub async fn submit_plugin(
        &self,
        row: &PluginVersionRow,
        file: &[u8],
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut change = self.change_plugins().await?;
        let known: Option<(String,)> = fetch_optional!(
            change,
            "select digest from plugin_version where digest = $1
                 or (plugin_id = $2 and version = $3 and status <> 'rejected')",
            &row.digest,
            &row.plugin_id,
            &row.version
        )?;
        if known.is_some() {
            return Ok(false);
        }
        execute!(
            change,
            "insert into plugin (id, pinned, disabled) values ($1, $2, $2)
             on conflict (id) do nothing",
            &row.plugin_id,
            false
        )?;
        execute!(
            change,
            "insert into plugin_version
                 (digest, plugin_id, version, status, report, submitted_by, submitted_at,
                  origin)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            &row.digest,
            &row.plugin_id,
            &row.version,
            &row.status,
            &row.report,
            &row.submitted_by,
            row.submitted_at,
            row.origin.as_deref()
        )?;
        execute!(
            change,
            "insert into plugin_file (digest, content) values ($1, $2)",
            &row.digest,
            file
        )?;
        change.commit(audit).await?;
        Ok(true)
    }

    /// Writes a decision, if the version still has the status `from`. False when not.
    pub async fn decide_plugin(
        &self,
        digest: &str,
        from: &str,
        decision: &PluginDecision,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut change = self.change_plugins().await?;
        let decided = execute!(
            change,
            "update plugin_version set status = $3, decided_by = $4, decided_at = $5,
                 reason = $6, grants = coalesce($7, grants), limits = coalesce($8, limits),
                 config = coalesce($9, config)
             where digest = $1 and status = $2",
            digest,
            from,
            &decision.status,
            &decision.by,
            decision.at,
            decision.reason.as_deref(),
            decision.grants.as_deref(),
            decision.limits.as_deref(),
            decision.config.as_deref()
        )?;
        if decided == 0 {
            return Ok(false);
        }
        change.commit(audit).await?;
        Ok(true)
    }
}
