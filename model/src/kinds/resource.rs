//! `kind: Resource`.

use super::{CORE, KindRules, RESOURCE, RelationField};
use crate::validate::shape::{Fields, Shape};

pub(super) static RULES: KindRules = KindRules {
    kind: RESOURCE,
    api_versions: CORE,
    spec_type: None,
    spec: Fields {
        required: &["type", "owner"],
        known: &[
            ("type", Shape::Text),
            ("owner", Shape::Text),
            ("dependsOn", Shape::TEXTS),
            ("system", Shape::Text),
        ],
        others: None,
    },
    relations: &[
        RelationField::OWNER,
        RelationField::DEPENDS_ON,
        RelationField::DEPENDENCY_OF,
        RelationField::SYSTEM,
    ],
};
