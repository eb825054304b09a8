//! `kind: Location`.

use super::{CORE, KindRules, LOCATION};
use crate::validate::shape::{Fields, Shape};

pub(super) static RULES: KindRules = KindRules {
    kind: LOCATION,
    api_versions: CORE,
    spec_type: None,
    spec: Fields {
        required: &[],
        known: &[
            ("type", Shape::Text),
            ("target", Shape::Text),
            ("targets", Shape::TEXTS),
            ("presence", Shape::OneOf(&["required", "optional"])),
        ],
        others: None,
    },
    relations: &[],
};
