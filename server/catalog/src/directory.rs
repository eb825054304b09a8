//! What policies know of entities: what the index knows.

use std::sync::Arc;

use portico_access::{EntityDirectory, EntityFacts};
use portico_model::RelationType;

use crate::read_model::{ReadModel, State};

/// Tells policies of the entities of a read model.
pub(crate) struct Directory(pub(crate) Arc<ReadModel>);

impl EntityDirectory for Directory {
    fn facts(&self, entity_ref: &str) -> Option<EntityFacts> {
        self.0.read(|state| facts(state, entity_ref))
    }
}

fn facts(state: &State, entity_ref: &str) -> Option<EntityFacts> {
    let index = &state.index;
    let slot = index.slot(&entity_ref.to_lowercase())?;
    let values = |key: &str| index.values_of(slot, key).into_iter().map(str::to_owned);
    let related = |kind| {
        let related = index.related(slot, kind).into_iter();
        related.map(str::to_owned).collect()
    };
    let labels = index.values_below(slot, "metadata.labels").into_iter();
    Some(EntityFacts {
        kind_type: values("spec.type").next(),
        lifecycle: values("spec.lifecycle").next(),
        owners: related(RelationType::OwnedBy),
        tags: values("metadata.tags").collect(),
        systems: related(RelationType::PartOf),
        labels: labels
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    })
}

#[cfg(test)]
mod tests;
