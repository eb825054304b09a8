//! The one place with unsafe code: loading compiled code.
#![expect(
    unsafe_code,
    reason = "wasmtime cannot check compiled code, so it leaves the promise to its caller"
)]

use wasmtime::Engine;
use wasmtime::component::Component;

/// Loads code that our own compiler made: either it came out of the compiling process just now, or
/// its tag was verified with the cache's key over these very bytes.
pub(super) fn component(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the bytes are the unmodified output of `Engine::precompile_component`, as the two
    // callers in the parent module make sure. They are copied, so nobody can change them after.
    // Code of another version or configuration is refused by wasmtime itself.
    unsafe { Component::deserialize(engine, code) }
}
