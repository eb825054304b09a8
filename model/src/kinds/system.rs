//! `kind: System`.

use super::{CORE, DOMAIN, KindRules, RelationField, SYSTEM};
use crate::{
    RelationType,
    validate::shape::{Fields, Shape},
};

pub(super) static RULES: KindRules = KindRules {
    kind: SYSTEM,
    api_versions: CORE,
    spec_type: None,
    spec: Fields {
        required: &["owner"],
        known: &[
            ("owner", Shape::Text),
            ("domain", Shape::Text),
            ("type", Shape::Text),
        ],
        others: None,
    },
    relations: &[
        RelationField::OWNER,
        RelationField::to("domain", RelationType::PartOf, DOMAIN),
    ],
};
