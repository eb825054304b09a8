//! Entities that come from providers: plugins that read something other than catalog files.
//!
//! A provider that is active is a registered location of type `plugin`. It is read, leased,
//! compared and stored like any other source, so what holds for files holds for it: conflicts,
//! problems, orphans, replicas.

use std::sync::Arc;

use async_trait::async_trait;
use portico_access::{Action, Principal, Resource};
use portico_sources::{ReadError, ReadFile, ReadOutcome};
use portico_store::SourceKey;
use serde_json::json;

use crate::{Catalog, error::Result, now};

/// The type of their locations.
pub(crate) const KIND: &str = "plugin";

/// Reads what providers bring.
#[async_trait]
pub trait EntityProviders: Send + Sync {
    /// Everything the provider with this id brings, as catalog documents in YAML.
    async fn read(&self, id: &str) -> Result<String, ReadError>;
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

    pub(crate) async fn read_provider(&self, id: &str) -> Result<ReadOutcome, ReadError> {
        let Some(providers) = self.0.providers.get() else {
            return Err(ReadError::Failed {
                target: format!("{KIND}:{id}"),
                reason: "this process runs no plugins".to_owned(),
            });
        };
        let text = providers.read(id).await?;
        Ok(ReadOutcome::File(ReadFile {
            text,
            fingerprint: None,
        }))
    }

    fn provider_event(target: &str, action: Action) -> portico_store::AuditEvent {
        let resource = Resource::Location {
            target,
            created_by: None,
        };
        let reason = "its plugin's activation was approved";
        Self::audit(&Principal::System, action, &resource, reason, json!({}))
    }
}
