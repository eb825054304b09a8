//! Any text is read within its limits, or refused, without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portico_model::yaml::{Limits, parse_documents};

fuzz_target!(|text: &str| {
    let limits = Limits { bytes: 1024 * 1024, depth: 32, nodes: 10_000 };
    for document in parse_documents(text, &limits) {
        let _ = document.locate("/metadata/name");
        if let Err(error) = document.outcome {
            assert!(error.line >= 1 && error.column >= 1, "{error:?}");
        }
    }
});
