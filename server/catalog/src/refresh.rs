//! Asking for sources to be read again: by people, by webhooks, by the file watch.

use portico_access::{Action, Principal, Resource};
use portico_model::EntityRef;

use portico_sources::Change;

use crate::{Catalog, error::Result, now};

impl Catalog {
    /// Reads the entity's source again as soon as possible, changed or not.
    pub async fn refresh_entity(&self, who: &Principal, entity_ref: &EntityRef) -> Result<()> {
        let name = entity_ref.to_string();
        let owners = self.owners_of(who, &name)?;
        let resource = Resource::Entity {
            entity_ref: &name,
            owners: &owners,
        };
        let grounds = self.require(who, Action::EntityRefresh, &resource)?;
        let sources = self.store().sources_of_entity(&name).await?;
        let event = Self::audit(
            who,
            Action::EntityRefresh,
            &resource,
            grounds,
            serde_json::Value::Null,
        );
        // First, for nothing is to be done that is not written down.
        self.store().append_audit(&event).await?;
        self.store().make_due(sources, true, now()).await?;
        self.wake_ingestion();
        Ok(())
    }

    /// Reads every source again that a change outside may affect. Returns how many.
    pub async fn changed(&self, changes: &[Change]) -> Result<u64> {
        let affected =
            |kind: &str, target: &str| changes.iter().any(|change| change.affects(kind, target));
        let mut due = Vec::new();
        for dependency in self.store().source_dependencies().await? {
            let key = &dependency.key;
            let reads = dependency
                .refresh_keys
                .iter()
                .filter_map(|key| key.split_once(':'));
            if affected(&key.kind, &key.target)
                || reads
                    .into_iter()
                    .any(|(kind, target)| affected(kind, target))
            {
                due.push(dependency.id);
            }
        }
        if due.is_empty() {
            return Ok(0);
        }
        let woken = self.store().make_due(due, true, now()).await?;
        self.wake_ingestion();
        Ok(woken)
    }
}
