//! What policies know of an entity.

use std::collections::BTreeMap;

/// What policies may ask of an entity, everything in lower case: filters of the catalog
/// compare in lower case, and a list must hold exactly what single questions allow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityFacts {
    /// `spec.type`.
    pub kind_type: Option<String>,
    /// `spec.lifecycle`.
    pub lifecycle: Option<String>,
    /// Targets of its `ownedBy` relations.
    pub owners: Vec<String>,
    /// `metadata.tags`.
    pub tags: Vec<String>,
    /// Targets of its `partOf` relations.
    pub systems: Vec<String>,
    /// `metadata.labels`.
    pub labels: BTreeMap<String, String>,
}

/// Who knows the entities that are asked about.
pub trait EntityDirectory: Send + Sync {
    /// What is known of an entity; `None` when there is no such entity.
    fn facts(&self, entity_ref: &str) -> Option<EntityFacts>;
}
