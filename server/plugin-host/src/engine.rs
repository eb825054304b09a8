//! The one engine all plugins share, and what of WebAssembly it understands.

use std::hash::{Hash, Hasher};
use std::num::NonZeroUsize;

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Strategy,
    WasmFeatures,
};

/// Instances that can be alive at once, of all plugins.
pub(crate) const MAX_INSTANCES: u32 = 512;

/// The largest memory any plugin may ever have.
const MAX_MEMORY_BYTES: usize = 1 << 30;
/// The largest table any plugin may ever have.
const MAX_TABLE_ELEMENTS: usize = 200_000;

/// Kept of a memory between calls where nobody knows what was dirtied: its beginning, in which
/// small plugins have their stack.
const KEPT_LOW_BYTES: usize = 128 << 10;
/// Kept of a memory between calls where the kernel knows what was dirtied.
const KEPT_DIRTY_BYTES: usize = 4 << 20;

/// What is needed by what compilers of today emit, and no more: threads, garbage collection,
/// exceptions and 64-bit memories are attack surface nobody asked for.
pub(crate) const FEATURES: WasmFeatures = WasmFeatures::WASM2
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::COMPONENT_MODEL)
    .difference(WasmFeatures::GC_TYPES);

/// An engine that runs plugins. Slots for instances are reserved ahead, which makes a fresh
/// instance cheap, unless the address space is too small (a container with a limit).
pub(crate) fn running() -> wasmtime::Result<Engine> {
    let mut config = compiling_config();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    Engine::new(&config).or_else(|error| {
        tracing::warn!(%error, "no room for a pool of plugin instances; allocating each on demand");
        compiling()
    })
}

/// An engine that compiles what [`running`] runs, without reserving anything.
pub(crate) fn compiling() -> wasmtime::Result<Engine> {
    Engine::new(&compiling_config())
}

fn compiling_config() -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .wasm_features(WasmFeatures::all().difference(FEATURES), false)
        .wasm_features(FEATURES, true)
        .epoch_interruption(true)
        .concurrency_support(false)
        .max_wasm_stack(512 << 10)
        .async_stack_size(2 << 20)
        .wasm_backtrace_max_frames(NonZeroUsize::new(12));
    config
}

fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(MAX_INSTANCES)
        // A component of today's tools has three or four core instances and one memory.
        .total_core_instances(MAX_INSTANCES * 4)
        .total_memories(MAX_INSTANCES * 2)
        .total_tables(MAX_INSTANCES * 4)
        .total_stacks(MAX_INSTANCES)
        .max_component_instance_size(4 << 20)
        .max_core_instance_size(4 << 20)
        .max_core_instances_per_component(128)
        .max_memories_per_component(16)
        .max_tables_per_component(64)
        .max_memories_per_module(4)
        .max_tables_per_module(16)
        .max_memory_size(MAX_MEMORY_BYTES)
        .table_elements(MAX_TABLE_ELEMENTS)
        // Pages an instance dirtied are kept for the next one (as they were at first) instead
        // of given back to the system, which saves the faults of taking them again.
        .linear_memory_keep_resident(KEPT_LOW_BYTES)
        .table_keep_resident(16 << 10);
    // Where the kernel tells which pages those are (Linux 6.7), only they are reset, wherever
    // they are: a language runtime dirties about 2 MB all over its memory in each call.
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Yes)
            .linear_memory_keep_resident(KEPT_DIRTY_BYTES);
    }
    pool
}

/// Names compiled code that an engine can load: of this version, these settings, this processor.
pub(crate) fn compatibility(engine: &Engine) -> String {
    // Not for security, and the same in two processes of one build.
    let mut hasher = std::hash::DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_speak_the_same_code() {
        let (running, compiling) = (running().unwrap(), compiling().unwrap());
        assert_eq!(compatibility(&running), compatibility(&compiling));
    }
}
