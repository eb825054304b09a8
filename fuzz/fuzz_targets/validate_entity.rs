//! Any document is an entity or has violations, and an entity stays valid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portico_model::{
    KnownKinds, emitted_relations, flatten, validate_entity,
    yaml::{Limits, parse_documents},
};
use serde_json::Value;

fuzz_target!(|text: &str| {
    let limits = Limits { bytes: 1024 * 1024, depth: 32, nodes: 10_000 };
    let known = KnownKinds::default();
    for document in parse_documents(text, &limits) {
        let Ok(value) = document.outcome else { continue };
        match validate_entity(value, &known) {
            Ok(entity) => {
                let _ = emitted_relations(&entity);
                flatten(&entity, |key, _| assert!(!key.is_empty()));
                let again = validate_entity(Value::Object(entity.clone().into_object()), &known);
                assert_eq!(again, Ok(entity));
            }
            Err(violations) => {
                assert!(!violations.is_empty());
                for violation in violations {
                    let _ = violation.locate(document.text);
                }
            }
        }
    }
});
