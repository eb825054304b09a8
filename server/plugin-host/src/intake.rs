//! The first look at bytes from outside: whole, and before anything is made of them.

use std::collections::BTreeSet;

use wasmtime::component::Component;
use wasmtime::wasmparser::{Parser, Validator};
use wasmtime::{Engine, WasmFeatures};

use crate::engine::FEATURES;
use crate::{Interface, Limits, LoadError};

/// The largest component that is looked at. Python's are 18 MB.
pub(crate) const MAX_COMPONENT_BYTES: u64 = 64 << 20;

/// WebAssembly's unit of memory.
const PAGE_BYTES: u64 = 64 << 10;

/// The WIT package, without its version.
const PACKAGE: &str = "portico:plugin/";

/// Parses and validates all of it.
pub(crate) fn validate(bytes: &[u8]) -> Result<(), LoadError> {
    if bytes.len() as u64 > MAX_COMPONENT_BYTES {
        return Err(LoadError::TooLarge {
            bytes: bytes.len() as u64,
            limit: MAX_COMPONENT_BYTES,
        });
    }
    if Engine::detect_precompiled(bytes).is_some() {
        return Err(LoadError::Precompiled);
    }
    if Parser::is_core_wasm(bytes) {
        return Err(not_a_component(
            "it is a core module; turn it into a component first (`portico plugin build`)",
        ));
    }
    if !Parser::is_component(bytes) {
        return Err(not_a_component("it does not begin as one"));
    }
    Validator::new_with_features(FEATURES | WasmFeatures::FLOATS)
        .validate_all(bytes)
        .map(|_| ())
        .map_err(not_a_component)
}

fn not_a_component(reason: impl std::fmt::Display) -> LoadError {
    LoadError::NotAComponent {
        reason: reason.to_string(),
    }
}

/// Whether all that is imported is offered and granted.
pub(crate) fn check_imports(
    component: &Component,
    granted: &BTreeSet<Interface>,
) -> Result<(), LoadError> {
    let mut unknown = Vec::new();
    let mut missing = Vec::new();
    for (name, _) in component.component_type().imports(component.engine()) {
        let interface = name.strip_prefix(PACKAGE);
        let interface = interface.map(|it| it.split_once('@').map_or(it, |(name, _)| name));
        match interface {
            // Types only: there is nothing to grant.
            Some("types") => {}
            Some(interface) => match Interface::from_name(interface) {
                Some(interface) if granted.contains(&interface) => {}
                Some(interface) => missing.push(interface),
                None => unknown.push(name.to_owned()),
            },
            None => unknown.push(name.to_owned()),
        }
    }
    if !unknown.is_empty() {
        return Err(LoadError::UnknownImports { imports: unknown });
    }
    if !missing.is_empty() {
        return Err(LoadError::NotGranted {
            interfaces: missing,
        });
    }
    Ok(())
}

/// Whether an instance fits its limits from the start.
pub(crate) fn check_size(component: &Component, limits: &Limits) -> Result<(), LoadError> {
    let too_big = |reason: String| Err(LoadError::TooBig { reason });
    let Some(required) = component.resources_required() else {
        return too_big("it imports modules, whose size is not known".into());
    };
    let pages = required.max_initial_memory_size.unwrap_or(0);
    let memory = pages.saturating_mul(PAGE_BYTES);
    if memory > limits.memory_bytes {
        return too_big(format!(
            "a memory of {memory} bytes; its limit is {}",
            limits.memory_bytes
        ));
    }
    let table = required.max_initial_table_size.unwrap_or(0);
    if table > u64::from(limits.table_elements) {
        return too_big(format!(
            "a table of {table} elements; its limit is {}",
            limits.table_elements
        ));
    }
    Ok(())
}
