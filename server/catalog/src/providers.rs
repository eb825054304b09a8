//! Entities that come from providers: plugins that read something other than catalog files.
//!
//! A provider that is active is a registered location of type `plugin`. It is read, leased,
//! compared and stored like any other source, so what holds for files holds for it: conflicts,
//! problems, orphans, replicas.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use portico_access::{Action, Grounds, Principal, Resource};
use portico_sources::{ReadError, ReadFile, ReadOutcome};
use portico_store::SourceKey;
use serde_json::json;

use crate::{Catalog, error::Result, now};

/// The type of their locations.
pub(crate) const KIND: &str = "plugin";

/// What a provider brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provided {
    /// All of its entities, as catalog documents in YAML.
    pub text: String,
    /// What `read` is given next time, to go on from there. Kept together with the entities: it
    /// never tells of a pass whose entities were not stored.
    pub checkpoint: Option<String>,
}

/// Reads what providers bring.
#[async_trait]
pub trait EntityProviders: Send + Sync {
    /// Everything the provider with this id brings now, given what it brought `last`. There is no
    /// last time at first, and when somebody asked for a complete pass.
    async fn read(&self, id: &str, last: Option<Provided>) -> Result<Provided, ReadError>;

    /// From one pass of a provider to the next; none: as often as other sources are read.
    fn interval(&self, id: &str) -> Option<Duration>;
}

impl Catalog {
    /// Says who reads locations of type `plugin`. The first to say so is kept.
    pub fn provide(&self, providers: Arc<dyn EntityProviders>) {
        let _ = self.0.providers.set(providers);
    }

    /// Makes the providers with these ids, and no others, the ones that are read.
    pub async fn set_providers(&self, ids: &[String]) -> Result<()> {
        let store = self.store();
        let known = store.list_locations().await?;
        let known = known.into_iter().filter(|it| it.key.kind == KIND);
        let (keep, gone): (Vec<_>, Vec<_>) = known.partition(|it| ids.contains(&it.key.target));
        for location in &gone {
            let target = location.key.to_string();
            let event = Self::provider_event(&target, Action::LocationDelete);
            store.remove_location(location.id, &event).await?;
        }
        if !gone.is_empty() {
            store.remove_unreachable(true, now()).await?;
            self.follow().await?;
        }
        for id in ids {
            if keep.iter().any(|location| location.key.target == *id) {
                continue;
            }
            let key = SourceKey {
                kind: KIND.to_owned(),
                target: id.clone(),
            };
            let event = Self::provider_event(&key.to_string(), Action::LocationCreate);
            store.add_location(&key, None, &event, now()).await?;
            self.wake_ingestion();
        }
        Ok(())
    }

    /// Has a provider read again, now.
    pub async fn refresh_provider(&self, id: &str) -> Result<()> {
        let key = SourceKey {
            kind: KIND.to_owned(),
            target: id.to_owned(),
        };
        self.store().make_due(vec![key.id()], true, now()).await?;
        self.wake_ingestion();
        Ok(())
    }

    /// Reads a provider. The fingerprint of such a source is the provider's checkpoint.
    pub(crate) async fn read_provider(
        &self,
        key: &SourceKey,
        checkpoint: Option<&str>,
    ) -> Result<ReadOutcome, ReadError> {
        let failed = |reason: String| ReadError::Failed {
            target: key.to_string(),
            reason,
        };
        let providers = self.0.providers.get();
        let providers = providers.ok_or_else(|| failed("this process runs no plugins".into()))?;
        let mut last = None;
        if let Some(checkpoint) = checkpoint {
            let text = self.store().source_content(&key.id()).await;
            let text = text.map_err(|error| failed(error.to_string()))?;
            last = text.map(|text| Provided {
                text,
                checkpoint: Some(checkpoint.to_owned()),
            });
        }
        let brought = providers.read(&key.target, last).await?;
        Ok(ReadOutcome::File(ReadFile {
            text: brought.text,
            fingerprint: brought.checkpoint,
        }))
    }

    /// The interval of a provider's own, by the root its source descends from.
    pub(crate) fn provider_interval(&self, origin: &str) -> Option<Duration> {
        let id = origin.strip_prefix(KIND)?.strip_prefix(':')?;
        self.0.providers.get()?.interval(id)
    }

    fn provider_event(target: &str, action: Action) -> portico_store::AuditEvent {
        let resource = Resource::Location {
            target,
            created_by: None,
            goes: &[],
        };
        let grounds = Grounds::rule("its plugin's activation was approved");
        Self::audit(&Principal::System, action, &resource, grounds, json!({}))
    }
}
