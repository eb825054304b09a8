//! Plugins that lie in a folder: the platform team's own, or an example's.

use std::path::{Path, PathBuf};

use portico_access::Principal;
use portico_plugin_package::{Report, digest_of};
use serde_json::json;

use crate::{
    Approval, Plugins,
    decide::no_manifest,
    error::Result,
    view::{decode, requested, usual_limits},
};

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The plugin.
    pub plugin: String,
    /// The version.
    pub version: String,
    /// Whether it needs no review: it runs.
    pub approved: bool,
}

impl Plugins {
    /// Hands in each component of a folder that was never handed in, for review like any other,
    /// and approves those that the configuration names (`plugins.approve`). Answers with what
    /// became of them; a folder that is not there has none.
    pub async fn import(&self, folder: &Path) -> Vec<(PathBuf, Result<Imported>)> {
        let mut handed_in = Vec::new();
        for path in components(folder).await {
            // A file that changes or goes while we look is seen at the next start.
            let Ok(file) = tokio::fs::read(&path).await else {
                continue;
            };
            match self.import_file(file).await {
                Ok(Some(imported)) => handed_in.push((path, Ok(imported))),
                Ok(None) => {}
                Err(error) => handed_in.push((path, Err(error))),
            }
        }
        handed_in
    }

    /// `None` for a file about which there is nothing to do.
    async fn import_file(&self, file: Vec<u8>) -> Result<Option<Imported>> {
        let digest = digest_of(&file);
        let known = self.store().plugin_version(&digest).await?;
        let is_new = known.is_none();
        let (plugin, version, is_open) = if let Some(row) = known {
            (row.plugin_id, row.version, row.status == "submitted")
        } else {
            let submission = self.submit(&Principal::System, file).await?;
            (submission.plugin, submission.version, true)
        };
        let approves = is_open && self.catalog().config().plugins.approve.contains(&plugin);
        if approves {
            self.approve_imported(&digest).await?;
        }
        Ok((is_new || approves).then_some(Imported {
            plugin,
            version,
            approved: approves,
        }))
    }

    /// Approves a version with all that it asks for, and makes it the one that runs. One that
    /// asks for more than the one that runs is left to people.
    async fn approve_imported(&self, digest: &str) -> Result<()> {
        let row = self.version(digest).await?;
        let report: Report = decode(&row.report)?;
        let size = report.size;
        let manifest = report.manifest.ok_or_else(|| no_manifest(digest))?;
        let approval = Approval {
            grants: requested(&manifest.capabilities),
            limits: usual_limits(&manifest, size),
            config: json!({}),
            accept_wider: false,
            reason: "plugins.approve in the configuration".to_owned(),
        };
        let who = Principal::System;
        self.approve(&who, digest, approval).await?;
        self.activate(&who, digest).await
    }
}

/// The `.wasm` files of a folder, by name.
async fn components(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else {
        return found;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let path = entry.path();
        if path.extension().is_some_and(|it| it == "wasm") {
            found.push(path);
        }
    }
    found.sort();
    found
}
