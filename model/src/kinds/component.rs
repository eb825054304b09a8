//! `kind: Component`.

use super::{API, COMPONENT, CORE, KindRules, RelationField};
use crate::{
    RelationType,
    validate::shape::{Fields, Shape},
};

pub(super) static RULES: KindRules = KindRules {
    kind: COMPONENT,
    api_versions: CORE,
    spec_type: None,
    spec: Fields {
        required: &["type", "lifecycle", "owner"],
        known: &[
            ("type", Shape::Text),
            ("lifecycle", Shape::Text),
            ("owner", Shape::Text),
            ("system", Shape::Text),
            ("subcomponentOf", Shape::Text),
            ("providesApis", Shape::TEXTS),
            ("consumesApis", Shape::TEXTS),
            ("dependsOn", Shape::TEXTS),
        ],
        others: None,
    },
    relations: &[
        RelationField::OWNER,
        RelationField::to("subcomponentOf", RelationType::PartOf, COMPONENT),
        RelationField::to("providesApis", RelationType::ProvidesApi, API),
        RelationField::to("consumesApis", RelationType::ConsumesApi, API),
        RelationField::DEPENDS_ON,
        RelationField::DEPENDENCY_OF,
        RelationField::SYSTEM,
    ],
};
