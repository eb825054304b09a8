//! `kind: Group`.

use super::{CORE, GROUP, KindRules, RelationField, USER};
use crate::{
    RelationType,
    validate::shape::{Fields, Shape},
};

/// How a group or a user shows itself.
pub(super) const PROFILE: Shape = Shape::Object(&Fields {
    required: &[],
    known: &[
        ("displayName", Shape::Text),
        ("email", Shape::Text),
        ("picture", Shape::Text),
    ],
    others: None,
});

pub(super) static RULES: KindRules = KindRules {
    kind: GROUP,
    api_versions: CORE,
    spec_type: None,
    spec: Fields {
        required: &["type", "children"],
        known: &[
            ("type", Shape::Text),
            ("profile", PROFILE),
            ("parent", Shape::Text),
            ("children", Shape::TEXTS),
            ("members", Shape::TEXTS),
        ],
        others: None,
    },
    relations: &[
        RelationField::to("parent", RelationType::ChildOf, GROUP),
        RelationField::to("children", RelationType::ParentOf, GROUP),
        RelationField::to("members", RelationType::HasMember, USER),
    ],
};
