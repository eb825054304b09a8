//! Short forms of entities that lists and links show.

use portico_model::EntityRef;
use serde::{Deserialize, Serialize};

/// An entity as a table row or a search hit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitySummary {
    /// Full reference, lower-case.
    pub entity_ref: String,
    /// Kind as written.
    pub kind: String,
    /// Name as written.
    pub name: String,
    /// Title, or the name when there is none.
    pub title: String,
    /// The start of the description.
    pub description: Option<String>,
    /// `spec.type`.
    pub spec_type: Option<String>,
    /// `spec.lifecycle`.
    pub lifecycle: Option<String>,
    /// Who owns it.
    pub owner: Option<EntityLabel>,
    /// The system it is part of.
    pub system: Option<EntityLabel>,
    /// Whether the person starred it.
    pub starred: bool,
}

/// Enough of an entity for a link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityLabel {
    /// Full reference, lower-case.
    pub entity_ref: String,
    /// What to call it.
    pub title: String,
    /// `spec.type`, when known.
    pub spec_type: Option<String>,
    /// False for a broken reference.
    pub exists: bool,
}

impl EntityLabel {
    /// The parsed reference. Labels come from the server with full references.
    pub fn reference(&self) -> EntityRef {
        reference(&self.entity_ref)
    }
}

impl EntitySummary {
    /// The parsed reference.
    pub fn reference(&self) -> EntityRef {
        reference(&self.entity_ref)
    }
}

/// A full reference from the server, parsed; one that is not keeps its text as name.
pub fn reference(text: &str) -> EntityRef {
    EntityRef::parse(text, Some("component"), EntityRef::DEFAULT_NAMESPACE)
        .unwrap_or_else(|_| EntityRef::new("component", EntityRef::DEFAULT_NAMESPACE, text))
}

#[cfg(feature = "ssr")]
mod server {
    use portico_access::Principal;
    use portico_catalog::{Catalog, Label};
    use portico_model::{EntityRef, RelationType};

    use super::{EntityLabel, EntitySummary};

    impl EntityLabel {
        /// The label of a ref that may not exist.
        pub(crate) fn of(catalog: &Catalog, who: &Principal, entity_ref: &str) -> Self {
            let refs = [entity_ref.to_owned()];
            let label = catalog
                .labels_of(who, &refs)
                .ok()
                .and_then(|mut found| found.remove(entity_ref));
            match label {
                Some(label) => Self::from(&label),
                None => Self::missing(entity_ref),
            }
        }

        /// The label of a reference that leads nowhere.
        pub(crate) fn missing(entity_ref: &str) -> Self {
            Self {
                title: super::reference(entity_ref).name().to_owned(),
                entity_ref: entity_ref.to_owned(),
                spec_type: None,
                exists: false,
            }
        }
    }

    impl From<&Label> for EntityLabel {
        fn from(label: &Label) -> Self {
            Self {
                entity_ref: label.entity_ref.to_string(),
                title: label.display_name().to_owned(),
                spec_type: label.spec_type.as_deref().map(str::to_owned),
                exists: true,
            }
        }
    }

    impl EntitySummary {
        /// The summary of an entity, with the labels of its owner and system.
        pub(crate) fn of(catalog: &Catalog, who: &Principal, label: &Label, starred: bool) -> Self {
            Self {
                entity_ref: label.entity_ref.to_string(),
                kind: label.kind.to_string(),
                name: label.name.to_string(),
                title: label.display_name().to_owned(),
                description: label.description.as_deref().map(str::to_owned),
                spec_type: label.spec_type.as_deref().map(str::to_owned),
                lifecycle: label.lifecycle.as_deref().map(str::to_owned),
                owner: label
                    .owner
                    .as_deref()
                    .map(|owner| EntityLabel::of(catalog, who, owner)),
                system: system(catalog, who, label),
                starred,
            }
        }
    }

    /// The first system (not the first component or domain) an entity is part of.
    fn system(catalog: &Catalog, who: &Principal, label: &Label) -> Option<EntityLabel> {
        let entity_ref = EntityRef::new(&label.kind, &label.namespace, &label.name);
        let group = catalog
            .relation_page(who, &entity_ref, RelationType::PartOf, 0, 8)
            .ok()?;
        let system = group
            .items
            .into_iter()
            .find(|item| item.entity_ref.starts_with("system:"))?;
        Some(match &system.label {
            Some(label) => EntityLabel::from(label),
            None => EntityLabel::missing(&system.entity_ref),
        })
    }
}
