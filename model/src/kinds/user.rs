//! `kind: User`.

use super::{CORE, GROUP, KindRules, RelationField, USER, group::PROFILE};
use crate::{
    RelationType,
    validate::shape::{Fields, Shape},
};

pub(super) static RULES: KindRules = KindRules {
    kind: USER,
    api_versions: CORE,
    spec_type: None,
    spec: Fields {
        required: &["memberOf"],
        known: &[("profile", PROFILE), ("memberOf", Shape::TEXTS)],
        others: None,
    },
    relations: &[RelationField::to("memberOf", RelationType::MemberOf, GROUP)],
};
