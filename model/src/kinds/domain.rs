//! `kind: Domain`.

use super::{CORE, DOMAIN, KindRules, RelationField};
use crate::{
    RelationType,
    validate::shape::{Fields, Shape},
};

pub(super) static RULES: KindRules = KindRules {
    kind: DOMAIN,
    api_versions: CORE,
    spec_type: None,
    spec: Fields {
        required: &["owner"],
        known: &[
            ("owner", Shape::Text),
            ("subdomainOf", Shape::Text),
            ("type", Shape::Text),
        ],
        others: None,
    },
    relations: &[
        RelationField::OWNER,
        RelationField::to("subdomainOf", RelationType::PartOf, DOMAIN),
    ],
};
