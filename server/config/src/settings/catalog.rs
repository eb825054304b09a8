//! `catalog`: locations, rules, intervals, webhooks.

use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use crate::node::NodeValue;
use crate::reader::Reader;
use crate::rules::Rule;
use crate::{CatalogRules, Secret};

/// `catalog`: what is read, how often, and what may come of it.
#[derive(Clone, Debug)]
pub struct CatalogConfig {
    /// `catalog.locations`: the sources named in the configuration.
    pub locations: Vec<ConfiguredLocation>,
    /// `catalog.rules` and the `rules` of each location.
    pub rules: CatalogRules,
    /// `catalog.processingInterval`: the least time between two reads of a source; the
    /// reader spreads over 1 to 1.5 times this. Default 100 s; `None` (`false`) turns polling off.
    pub processing_interval: Option<Duration>,
    /// `catalog.orphanStrategy`; default `delete`.
    pub orphan_strategy: OrphanStrategy,
    /// `catalog.readonly`: nobody registers or removes locations.
    pub readonly: bool,
    /// `catalog.defaultLocationConflictStrategy`; default `reject`.
    pub location_conflict: ConflictStrategy,
    /// `catalog.import.entityFilename`; default `catalog-info.yaml`.
    pub entity_filename: String,
    /// `catalog.extraKinds`: kinds accepted beside the known ones, for example `Product`.
    pub extra_kinds: Vec<String>,
    /// `catalog.cache.maxBytes`: memory for cached answers; default 64 MiB.
    pub cache_max_bytes: u64,
    /// `catalog.webhooks`: secrets that incoming webhooks must know.
    pub webhooks: WebhookConfig,
}

/// One entry of `catalog.locations`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredLocation {
    /// `file`, `url` or `git`.
    pub kind: String,
    /// The target; a `file` target is an absolute path (or glob).
    pub target: String,
    /// `pollingInterval` or `schedule.frequency`, when it differs from the catalog's.
    pub interval: Option<Duration>,
}

/// What happens to entities no location names any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrphanStrategy {
    /// They are removed.
    Delete,
    /// They stay, marked with `backstage.io/orphan`.
    Keep,
}

/// What registering an existing location does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictStrategy {
    /// An error (409).
    Reject,
    /// A refresh of the existing location.
    Refresh,
}

/// `catalog.webhooks`. An endpoint without its secret is closed.
#[derive(Clone, Debug, Default)]
pub struct WebhookConfig {
    /// `catalog.webhooks.github.secret`: the key of `X-Hub-Signature-256`.
    pub github_secret: Option<Secret>,
    /// `catalog.webhooks.azureDevOps.{username,password}`: HTTP Basic credentials.
    pub azure_devops: Option<(String, Secret)>,
}

impl CatalogConfig {
    const PROCESSING_INTERVAL: Duration = Duration::from_secs(100);
    const CACHE_BYTES: u64 = 64 << 20;

    pub(crate) fn read(catalog: &Reader<'_>) -> Self {
        let mut location_rules = Vec::new();
        let locations = catalog.list("locations").into_iter();
        let locations = locations
            .filter_map(|it| it.read_object(|it| read_location(it, &mut location_rules)))
            .collect();
        Self {
            locations,
            rules: CatalogRules::read(catalog, location_rules),
            processing_interval: read_interval(catalog),
            orphan_strategy: catalog.choice_or_first(
                "orphanStrategy",
                &[("keep", OrphanStrategy::Keep)],
                ("delete", OrphanStrategy::Delete),
            ),
            readonly: catalog.boolean("readonly", false),
            location_conflict: catalog.choice_or_first(
                "defaultLocationConflictStrategy",
                &[("refresh", ConflictStrategy::Refresh)],
                ("reject", ConflictStrategy::Reject),
            ),
            entity_filename: catalog.object("import", |it| {
                it.text_or("entityFilename", "catalog-info.yaml")
            }),
            extra_kinds: catalog.texts("extraKinds"),
            cache_max_bytes: catalog.object("cache", |cache| {
                let bytes = cache
                    .value("maxBytes")
                    .parse("a size such as 64 MiB", crate::duration::parse_bytes);
                bytes.unwrap_or_else(|| cache.default("maxBytes", Self::CACHE_BYTES))
            }),
            webhooks: catalog.object("webhooks", WebhookConfig::read),
        }
    }
}

impl WebhookConfig {
    fn read(webhooks: &Reader<'_>) -> Self {
        let github_secret = webhooks.object("github", |github| github.secret("secret"));
        let azure_devops = webhooks.object("azureDevOps", |azure| {
            match (azure.text("username"), azure.secret("password")) {
                (Some(username), Some(password)) => Some((username, password)),
                (None, None) => None,
                _ => {
                    azure.problem("needs both \"username\" and \"password\"");
                    None
                }
            }
        });
        Self {
            github_secret: github_secret.filter(|it| !it.expose().is_empty()),
            azure_devops,
        }
    }
}

fn read_location(entry: &Reader<'_>, rules: &mut Vec<Rule>) -> Option<ConfiguredLocation> {
    let kind = entry.required_text("type");
    entry.require("target");
    let target = entry.text_as("target", |text| match kind.as_deref() {
        Some("file") => absolute(&entry.folder(), text),
        _ => text.to_owned(),
    });
    let own_rules = entry.list("rules");
    let interval = entry
        .duration("pollingInterval")
        .or_else(|| entry.object("schedule", |schedule| schedule.duration("frequency")));
    let (kind, target) = (kind?, target?);
    if !matches!(kind.as_str(), "file" | "url" | "git") {
        entry.warn(format!(
            "locations of type \"{kind}\" are not read; the types are file, url and git"
        ));
        return None;
    }
    let own_rules = own_rules.into_iter();
    rules.extend(
        own_rules.filter_map(|rule| {
            rule.read_object(|rule| Rule::read_for_location(rule, &kind, &target))
        }),
    );
    Some(ConfiguredLocation {
        kind,
        target,
        interval,
    })
}

fn read_interval(catalog: &Reader<'_>) -> Option<Duration> {
    let value = catalog.value("processingInterval");
    match value.node().map(|node| &node.value) {
        Some(NodeValue::Bool(false)) => {
            value.note("false");
            None
        }
        Some(_) => value.as_duration(),
        None => {
            catalog.default(
                "processingInterval",
                crate::duration::display(CatalogConfig::PROCESSING_INTERVAL),
            );
            Some(CatalogConfig::PROCESSING_INTERVAL)
        }
    }
}

/// The absolute form of a path (or glob) written in a file of `folder`, without `.` and `..`.
pub(crate) fn absolute(folder: &Path, target: &str) -> String {
    let joined = folder.join(target);
    let joined = std::path::absolute(&joined).unwrap_or(joined);
    let mut out = PathBuf::new();
    for component in joined.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out.to_string_lossy().into_owned()
}
