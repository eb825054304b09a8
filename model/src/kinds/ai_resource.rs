//! `kind: AiResource`: context for AI coding tools, with rules by type.

use super::{AI_RESOURCE, KindRules, RelationField};
use crate::{
    RelationType,
    validate::shape::{Fields, Shape},
};

const VERSIONS: &[&str] = &["backstage.io/v1alpha1"];

/// A type without rules of its own.
pub(super) static RULES: KindRules = KindRules {
    kind: AI_RESOURCE,
    api_versions: VERSIONS,
    spec_type: None,
    spec: Fields {
        required: &["type", "lifecycle", "owner"],
        known: &[
            ("type", Shape::Text),
            ("lifecycle", Shape::Text),
            ("owner", Shape::Text),
            ("system", Shape::Text),
        ],
        others: None,
    },
    relations: &[RelationField::OWNER, RelationField::SYSTEM],
};

pub(super) static SKILL: KindRules = KindRules {
    kind: AI_RESOURCE,
    api_versions: VERSIONS,
    spec_type: Some("skill"),
    spec: Fields {
        required: &["type", "lifecycle", "owner"],
        known: &[
            ("type", Shape::Text),
            ("lifecycle", Shape::Text),
            ("owner", Shape::Text),
            ("system", Shape::Text),
            ("disciplines", Shape::TEXTS),
            ("categories", Shape::TEXTS),
            ("agents", Shape::TEXTS),
            ("dependsOn", Shape::TEXTS),
            ("allowedTools", Shape::Text),
            ("license", Shape::Text),
            ("compatibility", Shape::TextUpTo(500)),
        ],
        others: None,
    },
    relations: &[
        RelationField::OWNER,
        RelationField::SYSTEM,
        RelationField::to("dependsOn", RelationType::DependsOn, AI_RESOURCE),
    ],
};

pub(super) static RULE: KindRules = KindRules {
    kind: AI_RESOURCE,
    api_versions: VERSIONS,
    spec_type: Some("rule"),
    spec: Fields {
        required: &["type", "lifecycle", "owner", "category", "rationale"],
        known: &[
            ("type", Shape::Text),
            ("lifecycle", Shape::Text),
            ("owner", Shape::Text),
            ("system", Shape::Text),
            ("disciplines", Shape::TEXTS),
            ("category", Shape::Text),
            ("rationale", Shape::Text),
        ],
        others: None,
    },
    relations: &[RelationField::OWNER, RelationField::SYSTEM],
};

pub(super) static PLUGIN: KindRules = KindRules {
    kind: AI_RESOURCE,
    api_versions: VERSIONS,
    spec_type: Some("plugin"),
    spec: Fields {
        required: &["type", "lifecycle", "owner", "skills"],
        known: &[
            ("type", Shape::Text),
            ("lifecycle", Shape::Text),
            ("owner", Shape::Text),
            ("system", Shape::Text),
            ("skills", Shape::TEXTS),
            ("version", Shape::Text),
        ],
        others: None,
    },
    relations: &[
        RelationField::OWNER,
        RelationField::SYSTEM,
        RelationField::to("skills", RelationType::HasPart, AI_RESOURCE),
    ],
};

pub(super) static MARKETPLACE: KindRules = KindRules {
    kind: AI_RESOURCE,
    api_versions: VERSIONS,
    spec_type: Some("marketplace"),
    spec: Fields {
        required: &["type", "lifecycle", "owner", "plugins"],
        known: &[
            ("type", Shape::Text),
            ("lifecycle", Shape::Text),
            ("owner", Shape::Text),
            ("system", Shape::Text),
            ("plugins", Shape::TEXTS),
            ("version", Shape::Text),
        ],
        others: None,
    },
    relations: &[
        RelationField::OWNER,
        RelationField::SYSTEM,
        RelationField::to("plugins", RelationType::HasPart, AI_RESOURCE),
    ],
};
