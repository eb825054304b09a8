//! Two versions of a plugin side by side.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Json, UiError};

/// Two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareView {
    /// What the plugin is called.
    pub title: String,
    /// Every version: its digest, and what it is called.
    pub versions: Vec<(String, String)>,
    /// The digest of the first.
    pub before: String,
    /// The digest of the second.
    pub after: String,
    /// Facts about both.
    pub rows: Vec<CompareRow>,
}

/// A fact about both versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareRow {
    /// Which.
    pub what: String,
    /// In the first.
    pub before: String,
    /// In the second.
    pub after: String,
    /// `same`, `changed`, `wider` or `narrower`.
    pub change: String,
}

/// Two versions of a plugin; without digests, the version that runs (or the one before the
/// newest) and the newest.
#[server(prefix = "/_ui", endpoint = "compare-plugin", input = Json, output = Json)]
pub async fn compare_plugin(
    id: String,
    before: Option<String>,
    after: Option<String>,
) -> Result<CompareView, UiError> {
    let context = crate::data::server_context()?;
    let (plugins, who) = (context.plugins()?, &context.principal);
    let detail = plugins.detail(who, &id).await?;
    let digest = |at: usize| {
        let version = detail.versions.get(at).or(detail.versions.first());
        version.map(|it| it.digest.clone()).unwrap_or_default()
    };
    let after = after.unwrap_or_else(|| digest(0));
    let runs = detail.active_digest.clone().filter(|it| *it != after);
    let before = before.or(runs).unwrap_or_else(|| digest(1));
    let comparison = plugins.compare(who, &id, &before, &after).await?;
    Ok(CompareView {
        title: detail.summary.manifest.title,
        versions: detail
            .versions
            .into_iter()
            .map(|it| {
                let label = format!("{} ({})", it.version, it.status);
                (it.digest, label)
            })
            .collect(),
        before,
        after,
        rows: comparison
            .rows
            .into_iter()
            .map(|row| CompareRow {
                what: row.what,
                before: row.before,
                after: row.after,
                change: row.change.name().to_owned(),
            })
            .collect(),
    })
}
