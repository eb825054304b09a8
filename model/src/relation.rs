//! Relations between entities, always emitted in both directions.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::EntityRef;

/// The relation types of the catalog, each with its inverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the variant name is the relation's name")]
pub enum RelationType {
    OwnedBy,
    OwnerOf,
    ProvidesApi,
    ApiProvidedBy,
    ConsumesApi,
    ApiConsumedBy,
    DependsOn,
    DependencyOf,
    ParentOf,
    ChildOf,
    MemberOf,
    HasMember,
    PartOf,
    HasPart,
}

impl RelationType {
    /// Every type, in declaration order; `as usize` of a type indexes it.
    pub const ALL: [Self; 14] = [
        Self::OwnedBy,
        Self::OwnerOf,
        Self::ProvidesApi,
        Self::ApiProvidedBy,
        Self::ConsumesApi,
        Self::ApiConsumedBy,
        Self::DependsOn,
        Self::DependencyOf,
        Self::ParentOf,
        Self::ChildOf,
        Self::MemberOf,
        Self::HasMember,
        Self::PartOf,
        Self::HasPart,
    ];

    /// The name used in the API: `ownedBy`, `ownerOf`, …
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnedBy => "ownedBy",
            Self::OwnerOf => "ownerOf",
            Self::ProvidesApi => "providesApi",
            Self::ApiProvidedBy => "apiProvidedBy",
            Self::ConsumesApi => "consumesApi",
            Self::ApiConsumedBy => "apiConsumedBy",
            Self::DependsOn => "dependsOn",
            Self::DependencyOf => "dependencyOf",
            Self::ParentOf => "parentOf",
            Self::ChildOf => "childOf",
            Self::MemberOf => "memberOf",
            Self::HasMember => "hasMember",
            Self::PartOf => "partOf",
            Self::HasPart => "hasPart",
        }
    }

    /// The type with this name, compared case-insensitively.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(name))
    }

    /// The other direction of the pair.
    #[must_use]
    pub fn inverse(self) -> Self {
        let at = self as usize;
        Self::ALL[at ^ 1]
    }
}

impl Serialize for RelationType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RelationType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name)
            .ok_or_else(|| de::Error::custom(format!("\"{name}\" is not a relation type")))
    }
}

/// A relation that one entity's document declares, between any two entities.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmittedRelation {
    /// The entity the relation starts from.
    pub source: EntityRef,
    /// What the relation means.
    pub kind: RelationType,
    /// The entity the relation points to; it need not exist.
    pub target: EntityRef,
}
