//! `plugins`: the platform team's policy for plugins.

use std::{collections::BTreeMap, path::PathBuf};

use super::absolute;
use crate::{Secret, reader::Reader};

/// `plugins`: what may run, and what connections sign in with.
#[derive(Clone, Debug, Default)]
pub struct PluginsConfig {
    /// `plugins.requireSignature`: only files that a trusted publisher signed; default `false`.
    pub require_signature: bool,
    /// `plugins.fourEyes`: who hands a version in may not approve it; default `false`.
    pub four_eyes: bool,
    /// `plugins.knownBad`: digests (`sha256:…`) of files that are never accepted.
    pub known_bad: Vec<String>,
    /// `plugins.countEgress`: requests to forbidden addresses are made and counted, to see
    /// what enforcement would break; default `false`.
    pub count_egress: bool,
    /// `plugins.import`: a folder; each component in it is handed in for review at start, unless
    /// it was before. Relative to the file it is written in.
    pub import: Option<PathBuf>,
    /// `plugins.secrets`: what connections sign in with, by name.
    pub secrets: BTreeMap<String, Secret>,
}

impl PluginsConfig {
    pub(crate) fn read(plugins: &Reader<'_>) -> Self {
        Self {
            require_signature: plugins.boolean("requireSignature", false),
            four_eyes: plugins.boolean("fourEyes", false),
            known_bad: plugins.texts("knownBad"),
            count_egress: plugins.boolean("countEgress", false),
            import: plugins
                .text_as("import", |text| absolute(&plugins.folder(), text))
                .map(PathBuf::from),
            secrets: plugins
                .list("secrets")
                .into_iter()
                .filter_map(|secret| {
                    secret.read_object(|it| Some((it.required_text("name")?, it.secret("value")?)))
                })
                .collect(),
        }
    }
}
