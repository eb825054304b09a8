//! What people see of plugins.

use portico_access::{Action, Principal, Resource};
use portico_plugin_host::{
    CatalogGrant, Grants, Health, HttpGrant, Limits, ScmGrant, StateGrant, WorkspaceGrant, World,
};
use portico_plugin_package::{self as package, Access, Capabilities, Capability, Manifest, Report};
use portico_store::{Millis, PluginRow, PluginVersionRow};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{PluginError, Plugins, Running, error::Result};

/// A plugin in a list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PluginSummary {
    /// Its id.
    pub id: String,
    /// What the active version says of itself; the newest one when none is active.
    pub manifest: Manifest,
    /// The version that runs.
    pub active: Option<String>,
    /// The newest version that waits for a decision.
    pub waiting: Option<String>,
    /// Whether somebody stopped it.
    pub disabled: bool,
    /// Whether it keeps its version.
    pub pinned: bool,
    /// Why it does not run on this replica, though it should.
    pub broken: Option<String>,
}

/// A plugin with everything about it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PluginDetail {
    /// What lists show.
    #[serde(flatten)]
    pub summary: PluginSummary,
    /// The digest of the version that runs.
    pub active_digest: Option<String>,
    /// The digest a roll-back goes to.
    pub previous_digest: Option<String>,
    /// Newest first.
    pub versions: Vec<VersionDetail>,
    /// How it is doing on this replica, while it runs.
    pub health: Option<Health>,
}

/// One version.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionDetail {
    /// Names the file.
    pub digest: String,
    /// A semantic version.
    pub version: String,
    /// `submitted`, `approved`, `rejected` or `revoked`.
    pub status: String,
    /// What inspection said.
    pub report: Report,
    /// Who handed it in.
    pub submitted_by: String,
    /// When.
    pub submitted_at: Millis,
    /// Who decided last.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Millis>,
    /// Why.
    pub reason: Option<String>,
    /// What it may touch: granted, or asked for while it is not approved.
    pub grants: Grants,
    /// How much it may use.
    pub limits: Limits,
    /// Its configuration.
    pub config: Value,
    /// The reference it was fetched by; none when the file itself was handed in.
    pub origin: Option<String>,
    /// What was said of it, oldest first.
    pub comments: Vec<Comment>,
}

/// What somebody said of a version.
#[derive(Clone, Debug, Serialize)]
pub struct Comment {
    /// Who.
    pub author: String,
    /// When.
    pub at: Millis,
    /// In Markdown.
    pub body: String,
}

impl Plugins {
    /// Every plugin, by id.
    pub async fn list(&self, who: &Principal) -> Result<Vec<PluginSummary>> {
        self.require(who, Action::PluginRead, &Resource::Any)?;
        let versions = self.store().plugin_versions(None).await?;
        let mut plugins = self.store().plugins().await?;
        plugins.retain(|row| self.sees(who, &row.id));
        let summaries = plugins.into_iter().filter_map(|row| {
            let own = versions.iter().filter(|it| it.plugin_id == row.id);
            self.summary(&row, &own.collect::<Vec<_>>()).transpose()
        });
        summaries.collect()
    }

    /// One plugin with its versions.
    pub async fn detail(&self, who: &Principal, id: &str) -> Result<PluginDetail> {
        self.visible(who, id)?;
        let row = self.plugin_row(id).await?;
        let rows = self.store().plugin_versions(Some(id)).await?;
        let summary = self.summary(&row, &rows.iter().collect::<Vec<_>>())?;
        let summary = summary.ok_or_else(|| PluginError::NotFound(format!("plugin {id}")))?;
        let mut versions = Vec::with_capacity(rows.len());
        for row in rows {
            versions.push(self.version_detail(row).await?);
        }
        Ok(PluginDetail {
            summary,
            active_digest: row.active,
            previous_digest: row.previous,
            versions,
            health: self.running(id).ok().map(|plugin| plugin.health()),
        })
    }

    /// How a plugin is doing on this replica; none while it does not run.
    pub fn health(&self, who: &Principal, id: &str) -> Result<Option<Health>> {
        self.visible(who, id)?;
        Ok(self.running(id).ok().map(|plugin| plugin.health()))
    }

    /// The versions that wait for a decision, oldest first.
    pub async fn queue(&self, who: &Principal) -> Result<Vec<VersionDetail>> {
        self.require(who, Action::PluginRead, &Resource::Any)?;
        let mut rows = self.store().plugin_versions(None).await?;
        rows.retain(|row| row.status == "submitted" && self.sees(who, &row.plugin_id));
        let mut waiting = Vec::with_capacity(rows.len());
        for row in rows.into_iter().rev() {
            waiting.push(self.version_detail(row).await?);
        }
        Ok(waiting)
    }

    /// Fails when a plugin does not exist for somebody.
    pub(crate) fn visible(&self, who: &Principal, id: &str) -> Result<()> {
        self.require(who, Action::PluginRead, &Resource::Any)?;
        self.sees(who, id)
            .then_some(())
            .ok_or_else(|| PluginError::NotFound(format!("plugin {id}")))
    }

    fn sees(&self, who: &Principal, id: &str) -> bool {
        let plugin = Resource::Plugin(id);
        self.catalog()
            .authorizer()
            .allows(who, Action::PluginRead, &plugin)
    }

    fn summary(
        &self,
        row: &PluginRow,
        versions: &[&PluginVersionRow],
    ) -> Result<Option<PluginSummary>> {
        let active = row
            .active
            .as_ref()
            .and_then(|digest| versions.iter().find(|it| it.digest == *digest));
        let Some(shown) = active.or(versions.first()) else {
            return Ok(None);
        };
        let report: Report = decode(&shown.report)?;
        let broken = match self.0.running.read().get(&row.id) {
            Some(Running::Broken(reason)) => Some(reason.clone()),
            _ => None,
        };
        Ok(report.manifest.map(|manifest| PluginSummary {
            id: row.id.clone(),
            manifest,
            active: active.map(|version| version.version.clone()),
            waiting: versions
                .iter()
                .find(|version| version.status == "submitted")
                .map(|version| version.version.clone()),
            disabled: row.disabled,
            pinned: row.pinned,
            broken,
        }))
    }

    async fn version_detail(&self, row: PluginVersionRow) -> Result<VersionDetail> {
        let report: Report = decode(&row.report)?;
        let manifest = report.manifest.as_ref();
        let grants = match &row.grants {
            Some(json) => decode(json)?,
            None => manifest.map_or_else(Grants::default, |it| requested(&it.capabilities)),
        };
        let limits = match &row.limits {
            Some(json) => decode(json)?,
            None => manifest.map_or_else(Limits::default, |it| usual_limits(it, report.size)),
        };
        let comments = self.store().plugin_comments(&row.digest).await?;
        Ok(VersionDetail {
            grants,
            limits,
            config: decode(row.config.as_deref().unwrap_or("{}"))?,
            comments: comments
                .into_iter()
                .map(|it| Comment {
                    author: it.author,
                    at: it.at,
                    body: it.body,
                })
                .collect(),
            report,
            digest: row.digest,
            version: row.version,
            status: row.status,
            submitted_by: row.submitted_by,
            submitted_at: row.submitted_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            reason: row.reason,
            origin: row.origin,
        })
    }
}

/// The grants that give a manifest all it asks for.
pub(crate) fn requested(capabilities: &Capabilities) -> Grants {
    let asked = |capability: Capability| capabilities.get(&capability);
    Grants {
        catalog: asked(Capability::Catalog).map(|it| CatalogGrant {
            kinds: it.kinds.clone(),
        }),
        clock: asked(Capability::Clock).is_some(),
        config: asked(Capability::Config).is_some(),
        http: asked(Capability::Http).map(|it| HttpGrant {
            connections: it.connections.clone(),
        }),
        log: asked(Capability::Log).is_some(),
        random: asked(Capability::Random).is_some(),
        repository: asked(Capability::Repository).is_some(),
        scm: asked(Capability::Scm).map(|it| ScmGrant {
            repositories: match it.repositories.is_empty() {
                true => vec!["**".to_owned()],
                false => it.repositories.clone(),
            },
            propose: it.access == Access::Write,
        }),
        state: asked(Capability::State).map(|_| StateGrant::default()),
        workspace: asked(Capability::Workspace).map(|it| WorkspaceGrant {
            write: it.access == Access::Write,
        }),
    }
}

/// The limits a version begins with: those of its world, with room for the language runtime that
/// its size says it carries.
pub(crate) fn usual_limits(manifest: &Manifest, size: u64) -> Limits {
    Limits::of(world(manifest.world)).for_size(size)
}

/// The sandbox's name for a manifest's world.
pub fn world(world: package::World) -> World {
    match world {
        package::World::CatalogProvider => World::CatalogProvider,
        package::World::ScaffolderAction => World::ScaffolderAction,
        package::World::ScorecardCheck => World::ScorecardCheck,
    }
}

pub(crate) fn decode<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| PluginError::Inconsistent {
        what: "a row of a plugin".to_owned(),
        detail: error.to_string(),
    })
}

pub(crate) fn encode<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| PluginError::Inconsistent {
        what: "a row of a plugin".to_owned(),
        detail: error.to_string(),
    })
}
