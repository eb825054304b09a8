//! `kind: API`, and its type `mcp-server`, which lists servers instead of a definition.

use super::{API, CORE, KindRules, RelationField};
use crate::validate::shape::{Fields, Shape};

const RELATIONS: &[RelationField] = &[RelationField::OWNER, RelationField::SYSTEM];

pub(super) static RULES: KindRules = KindRules {
    kind: API,
    api_versions: CORE,
    spec_type: None,
    spec: Fields {
        required: &["type", "lifecycle", "owner", "definition"],
        known: &[
            ("type", Shape::Text),
            ("lifecycle", Shape::Text),
            ("owner", Shape::Text),
            ("system", Shape::Text),
            ("definition", Shape::Text),
        ],
        others: None,
    },
    relations: RELATIONS,
};

pub(super) static MCP_SERVER: KindRules = KindRules {
    kind: API,
    api_versions: CORE,
    spec_type: Some("mcp-server"),
    spec: Fields {
        required: &["type", "lifecycle", "owner", "remotes"],
        known: &[
            ("type", Shape::Text),
            ("lifecycle", Shape::Text),
            ("owner", Shape::Text),
            ("system", Shape::Text),
            (
                "remotes",
                Shape::List {
                    of: &REMOTE,
                    at_least: 1,
                },
            ),
        ],
        others: None,
    },
    relations: RELATIONS,
};

const REMOTE: Shape = Shape::Object(&Fields {
    required: &["type", "url"],
    known: &[("type", Shape::Text), ("url", Shape::Text)],
    others: None,
});
