//! Whether a component is valid, and of which world.

use std::panic::{AssertUnwindSafe, catch_unwind};

use semver::Version;
use wasmparser::{Validator, WasmFeatures};

use crate::{World, contract};

/// Whether the component is valid with the features that the sandbox runs. The error is for people.
pub(super) fn validate(bytes: &[u8]) -> Result<(), String> {
    Validator::new_with_features(features())
        .validate_all(bytes)
        .map(drop)
        .map_err(|error| {
            format!(
                "is not valid at byte {}: {}",
                error.offset(),
                error.message()
            )
        })
}

/// Whether a valid component, built against this version of the WIT package, fits a world. The
/// error is for people.
pub(super) fn fits(bytes: &[u8], world: World, version: &Version) -> Result<(), String> {
    let (resolve, id) = contract::world(world, version).map_err(|error| error.to_string())?;
    // The decoder of WIT is a tool of developers; it has not been made for hostile bytes.
    let fits = AssertUnwindSafe(|| wit_component::targets(&resolve, id, bytes));
    match catch_unwind(fits) {
        Ok(result) => result.map_err(|error| format!("{error:#}")),
        Err(_) => Err("its interface cannot be read".to_owned()),
    }
}

/// Nothing with threads, 64-bit memories, garbage collection or concurrency of the component
/// model: each is surface that no plugin needs.
fn features() -> WasmFeatures {
    WasmFeatures::WASM2
        | WasmFeatures::COMPONENT_MODEL
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::RELAXED_SIMD
}
