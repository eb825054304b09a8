//! Guests: made here, and those that `cargo xtask plugins` builds.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};
use portico_plugin_package::{Manifest, Sections, World, component, contract, write_manifest};
use serde_json::json;
use wit_component::{StringEncoding, embed_component_metadata};

/// A check that passes every entity after some turns of an empty loop.
pub(super) fn check(turns: u64) -> Result<Vec<u8>> {
    check_with(turns, "")
}

fn check_with(turns: u64, more: &str) -> Result<Vec<u8>> {
    let wat = format!(
        r#"(module
          (memory (export "memory") 4)
          (global $heap (mut i32) (i32.const 65536))
          (data (i32.const 64) "all is well")
          {more}
          (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
            (local $at i32)
            (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
            (global.set $heap (i32.add (local.get $at) (local.get 3)))
            (local.get $at))
          (func (export "portico:plugin/check@1.0.0#evaluate")
            (param $subjects i32) (param $count i32) (result i32)
            (local $at i32) (local $left i32) (local $turns i64)
            (local.set $turns (i64.const {turns}))
            (block $over (loop $turn
              (br_if $over (i64.eqz (local.get $turns)))
              (local.set $turns (i64.sub (local.get $turns) (i64.const 1)))
              (br $turn)))
            (local.set $at (i32.const 1024))
            (local.set $left (local.get $count))
            (block $done (loop $next
              (br_if $done (i32.eqz (local.get $left)))
              (i32.store8 (local.get $at) (i32.const 0))
              (i32.store offset=4 (local.get $at) (i32.const 64))
              (i32.store offset=8 (local.get $at) (i32.const 11))
              (i64.store offset=12 align=4 (local.get $at) (i64.const 0))
              (i64.store offset=20 align=4 (local.get $at) (i64.const 0))
              (local.set $at (i32.add (local.get $at) (i32.const 28)))
              (local.set $left (i32.sub (local.get $left) (i32.const 1)))
              (br $next)))
            (i32.store (i32.const 0) (i32.const 1024))
            (i32.store (i32.const 4) (local.get $count))
            (i32.const 0)))"#
    );
    let (resolve, world) = contract::world(World::ScorecardCheck, contract::version())?;
    let mut module = wat::parse_str(wat)?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    Ok(component::encode(&module)?)
}

/// The same with a manifest, to be handed in.
pub(super) fn package(id: &str, turns: u64) -> Result<Vec<u8>> {
    let manifest = json!({
        "id": id, "version": "1.0.0", "publisher": "bench", "title": id,
        "description": "For figures.", "world": "scorecard-check", "wit": "1.0.0",
        "capabilities": {},
    });
    let manifest = Manifest::from_json(manifest.to_string().as_bytes())?;
    Ok(write_manifest(&check(turns)?, &manifest)?)
}

/// A component that `cargo xtask plugins` has built, without its manifest.
pub(super) fn built(name: &str) -> Result<Vec<u8>> {
    let file = PathBuf::from("target/plugins").join(format!("{name}.wasm"));
    let package = fs::read(&file).with_context(|| {
        let file = file.display();
        format!("{file} is missing: `cargo xtask plugins` builds it")
    })?;
    Ok(Sections::find(&package)?.payload.to_vec())
}

/// The same component with another digest: a custom section at its end says a number.
pub(super) fn variant(wasm: &[u8], number: u32) -> Vec<u8> {
    let section = [&[0, 6, 1, b'v'][..], &number.to_le_bytes()].concat();
    [wasm, &section].concat()
}

/// The trivial check with a megabyte of code beside it, of the kind that Rust makes: memory,
/// arithmetic, branches, calls.
pub(super) fn megabyte() -> Result<Vec<u8>> {
    let function = |number: usize| {
        let before = number.saturating_sub(1);
        format!(
            "(func $more{number} (param i32 i32) (result i32) (local i32 i64)
              (local.set 2 (i32.load offset=8 (local.get 0)))
              (block $out (loop $again
                (br_if $out (i32.ge_u (local.get 2) (local.get 1)))
                (local.set 3 (i64.add (i64.mul (i64.load offset=16 (local.get 2)) (i64.const 31))
                  (i64.extend_i32_u (local.get 1))))
                (i64.store offset=24 (local.get 0) (i64.xor (local.get 3) (i64.const {number})))
                (if (i32.and (local.get 2) (i32.const 3))
                  (then (local.set 2 (call $more{before} (local.get 1) (local.get 2))))
                  (else (i32.store8 offset=5 (local.get 2) (i32.const 7))))
                (local.set 2 (i32.add (local.get 2) (i32.const 4)))
                (br $again)))
              (select (local.get 2) (i32.const -1) (i64.eqz (local.get 3))))"
        )
    };
    check_with(0, &(0..9_000).map(function).collect::<String>())
}
