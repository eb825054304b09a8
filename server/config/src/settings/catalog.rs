//! `catalog`: locations, rules, intervals, webhooks.

use std::time::Duration;

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
