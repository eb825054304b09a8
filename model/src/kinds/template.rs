//! `kind: Template`, version `v1beta3`.

use super::{KindRules, RelationField, TEMPLATE};
use crate::validate::shape::{Fields, Shape};

pub(super) static RULES: KindRules = KindRules {
    kind: TEMPLATE,
    api_versions: &["scaffolder.backstage.io/v1beta3"],
    spec_type: None,
    spec: Fields {
        required: &["type", "steps"],
        known: &[
            ("type", Shape::Text),
            ("owner", Shape::Text),
            ("lifecycle", Shape::Text),
            ("parameters", Shape::ObjectOrList(&PAGE)),
            ("secrets", SECRETS),
            ("presentation", PRESENTATION),
            ("EXPERIMENTAL_recovery", RECOVERY),
            ("formDecorators", DECORATORS),
            ("EXPERIMENTAL_formDecorators", DECORATORS),
            (
                "steps",
                Shape::List {
                    of: &STEP,
                    at_least: 0,
                },
            ),
            ("output", OUTPUT),
        ],
        others: None,
    },
    relations: &[RelationField::OWNER],
};

const PERMISSIONS: Shape = Shape::Object(&Fields {
    required: &[],
    known: &[(
        "tags",
        Shape::List {
            of: &Shape::AnyText,
            at_least: 0,
        },
    )],
    others: None,
});

/// A page of the form: a JSON schema, which is not looked into here.
const PAGE: Fields = Fields {
    required: &[],
    known: &[("backstage:permissions", PERMISSIONS)],
    others: None,
};

const SECRETS: Shape = Shape::Object(&Fields {
    required: &[],
    known: &[("schema", Shape::Object(&Fields::ANY))],
    others: None,
});

const PRESENTATION: Shape = Shape::Object(&Fields {
    required: &[],
    known: &[(
        "buttonLabels",
        Shape::Object(&Fields {
            required: &[],
            known: &[
                ("backButtonText", Shape::AnyText),
                ("createButtonText", Shape::AnyText),
                ("reviewButtonText", Shape::AnyText),
            ],
            others: None,
        }),
    )],
    others: None,
});

const RECOVERY: Shape = Shape::Object(&Fields {
    required: &[],
    known: &[("EXPERIMENTAL_strategy", Shape::AnyText)],
    others: None,
});

const DECORATORS: Shape = Shape::List {
    of: &Shape::Object(&Fields {
        required: &[],
        known: &[
            ("id", Shape::AnyText),
            ("input", Shape::Object(&Fields::ANY)),
        ],
        others: None,
    }),
    at_least: 0,
};

const STEP: Shape = Shape::Object(&Fields {
    required: &["action"],
    known: &[
        ("id", Shape::AnyText),
        ("name", Shape::AnyText),
        ("action", Shape::AnyText),
        ("input", Shape::Object(&Fields::ANY)),
        ("if", Shape::TextOrFlag),
        ("backstage:permissions", PERMISSIONS),
    ],
    others: None,
});

const OUTPUT: Shape = Shape::Object(&Fields {
    required: &[],
    known: &[
        (
            "links",
            Shape::List {
                of: &OUTPUT_LINK,
                at_least: 0,
            },
        ),
        (
            "text",
            Shape::List {
                of: &OUTPUT_TEXT,
                at_least: 0,
            },
        ),
    ],
    others: Some(&Shape::AnyText),
});

const OUTPUT_LINK: Shape = Shape::Object(&Fields {
    required: &[],
    known: &[
        ("if", Shape::TextOrFlag),
        ("url", Shape::Text),
        ("entityRef", Shape::Text),
        ("title", Shape::Text),
        ("icon", Shape::Text),
    ],
    others: None,
});

const OUTPUT_TEXT: Shape = Shape::Object(&Fields {
    required: &[],
    known: &[
        ("if", Shape::TextOrFlag),
        ("title", Shape::Text),
        ("icon", Shape::Text),
        ("content", Shape::AnyText),
    ],
    others: None,
});
