//! Guests written by hand, and hosts to run them in.

use std::ffi::OsString;
use std::path::PathBuf;

use portico_plugin_host::{
    CompilerCommand, Grants, HostOptions, Limits, PluginHost, PluginSpec, Services, World,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A host with a cache of its own, which is removed with it.
pub struct TestHost {
    pub host: PluginHost,
    pub cache: tempfile::TempDir,
}

impl std::ops::Deref for TestHost {
    type Target = PluginHost;

    fn deref(&self) -> &PluginHost {
        &self.host
    }
}

pub fn host() -> TestHost {
    host_with(Services::default())
}

pub fn host_with(services: Services) -> TestHost {
    let cache = tempfile::tempdir().unwrap();
    let host = PluginHost::start(options(cache.path().to_owned()), services).unwrap();
    TestHost { host, cache }
}

pub fn options(cache: PathBuf) -> HostOptions {
    let compiler = CompilerCommand {
        program: env!("CARGO_BIN_EXE_portico-plugin-compile").into(),
        args: vec![OsString::from("plugin-compile")],
    };
    HostOptions::new(cache, [7; 32], compiler)
}

/// Everything that has no service behind it.
pub fn plain_grants() -> Grants {
    Grants {
        log: true,
        config: true,
        clock: true,
        random: true,
        ..Grants::default()
    }
}

pub fn spec(world: World, wasm: Vec<u8>) -> PluginSpec {
    PluginSpec {
        id: "test".into(),
        world,
        wasm: wasm.into(),
        grants: plain_grants(),
        limits: Limits::of(world),
        config: serde_json::json!({"greeting": "hello"}),
    }
}

/// A component of a world, from a core module in text form.
pub fn component(world: World, wat: &str) -> Vec<u8> {
    component_of(world.name(), "", wat)
}

/// A component of a world declared beside those of the package.
pub fn component_of(world: &str, wit: &str, wat: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let contracts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit/portico-plugin-1");
    let (mut package, _) = resolve.push_dir(contracts).unwrap();
    if !wit.is_empty() {
        package = resolve.push_str("test.wit", wit).unwrap();
    }
    let world = resolve.select_world(&[package], Some(world)).unwrap();
    let mut module = wat::parse_str(wat).unwrap_or_else(|error| panic!("{error}\n{wat}"));
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    let mut encoder = ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .unwrap();
    encoder.encode().unwrap()
}

/// The parts of an action in text form.
#[derive(Clone, Copy, Default)]
pub struct ActionText<'a> {
    /// Imports, and whatever else has to come first.
    pub imports: &'a str,
    /// Functions, tables and memories beside the usual ones.
    pub items: &'a str,
    /// What `run` does first, when its input begins with `1`. It may leave nothing on the stack.
    pub attack: &'a str,
    /// What `cabi_realloc` does first.
    pub realloc: &'a str,
    /// What `schema` does first.
    pub schema: &'a str,
}

/// An action that returns its input, or attacks when the input begins with `1`.
pub fn action(text: ActionText<'_>) -> Vec<u8> {
    component(World::ScaffolderAction, &action_wat(text))
}

pub fn action_wat(text: ActionText<'_>) -> String {
    let ActionText {
        imports,
        items,
        attack,
        realloc,
        schema,
    } = text;
    format!(
        r#"(module
          {imports}
          (memory (export "memory") 4)
          (global $heap (mut i32) (i32.const 65536))
          (data (i32.const 64) "{{\"input\":{{}},\"output\":{{}}}}")
          {items}
          (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
            (local $at i32)
            {realloc}
            (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
            (global.set $heap (i32.add (local.get $at) (local.get 3)))
            (local.get $at))
          (func (export "portico:plugin/action@1.0.0#schema") (result i32)
            {schema}
            (i32.store (i32.const 0) (i32.const 64))
            (i32.store (i32.const 4) (i32.const 24))
            (i32.const 0))
          (func $run (export "portico:plugin/action@1.0.0#run")
            (param $input i32) (param $length i32) (param $dry i32) (result i32)
            (if (i32.eq (i32.load8_u (local.get $input)) (i32.const 49)) (then {attack}))
            (i32.store8 (i32.const 0) (i32.const 0))
            (i32.store (i32.const 4) (local.get $input))
            (i32.store (i32.const 8) (local.get $length))
            (i32.const 0)))"#
    )
}

/// A check that passes every entity, with findings made by `finding`, or usual ones when empty.
pub fn check(evaluate: &str) -> Vec<u8> {
    component(World::ScorecardCheck, &check_wat(evaluate))
}

pub fn check_wat(evaluate: &str) -> String {
    format!(
        r#"(module
          (memory (export "memory") 4)
          (global $heap (mut i32) (i32.const 65536))
          (data (i32.const 64) "all is well")
          (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
            (local $at i32)
            (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
            (global.set $heap (i32.add (local.get $at) (local.get 3)))
            (local.get $at))
          (func (export "portico:plugin/check@1.0.0#evaluate")
            (param $subjects i32) (param $count i32) (result i32)
            (local $at i32) (local $left i32)
            {evaluate}
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
    )
}
