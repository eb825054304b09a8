//! What is not loaded, and why.

use std::time::{Duration, Instant};

use crate::attacks::resident;
use crate::guests::{ActionText, action, action_wat, check, component_of, host, options, spec};
use portico_plugin_host::{
    CallContext, CompileLimits, LoadError, PluginHost, Services, Subject, World,
};
use serde_json::json;

#[tokio::test]
async fn only_components_are_accepted() {
    // 26
    let host = host();
    let good = check("");
    let core = wat::parse_str("(module)").unwrap();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("text", b"hello".to_vec()),
        ("a core module", core),
        ("a cut component", good[..good.len() / 2].to_vec()),
        ("a wrong magic", [b"\0asn", &good[4..]].concat()),
        ("an ELF file", b"\x7fELF\x02\x01\x01".to_vec()),
    ];
    for (what, wasm) in cases {
        let loaded = host.load(spec(World::ScorecardCheck, wasm)).await;
        assert!(
            matches!(loaded, Err(LoadError::NotAComponent { .. })),
            "{what}: {loaded:?}"
        );
    }
}

#[tokio::test]
async fn compiled_code_is_not_accepted() {
    let host = host();
    host.load(spec(World::ScorecardCheck, check("")))
        .await
        .unwrap();
    let file = std::fs::read_dir(host.cache.path())
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let code = std::fs::read(file.path()).unwrap()[32..].to_vec();
    let loaded = host.load(spec(World::ScorecardCheck, code)).await;
    assert!(matches!(loaded, Err(LoadError::Precompiled)), "{loaded:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn flipped_bytes_never_do_harm() {
    let host = host();
    let good = check("");
    let subject = Subject {
        entity: json!({}),
        facts: json!({}),
    };
    for at in (8..good.len()).step_by(97) {
        let mut wasm = good.clone();
        wasm[at] ^= 0x41;
        // Refused, or another component, whose calls end one way or the other.
        if let Ok(plugin) = host.prepare(spec(World::ScorecardCheck, wasm)).await {
            host.call_check(
                &plugin,
                CallContext::default(),
                std::slice::from_ref(&subject),
            )
            .await;
        }
    }
    let plugin = host.load(spec(World::ScorecardCheck, good)).await.unwrap();
    let outcome = host
        .call_check(&plugin, CallContext::default(), &[subject])
        .await;
    assert!(outcome.result.is_ok());
}

#[tokio::test]
async fn another_world_is_refused_by_name() {
    // 30
    let host = host();
    let loaded = host.load(spec(World::CatalogProvider, check(""))).await;
    match loaded {
        Err(LoadError::WrongWorld { world, reason }) => {
            assert_eq!(world, World::CatalogProvider);
            assert!(reason.contains("portico:plugin/provider"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_wrong_signature_is_refused_at_load() {
    // 30
    let wit = "package portico:plugin@1.0.0;
        interface action { schema: func() -> string; run: func(input: string) -> string; }
        world acting { export action; }";
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve.push_str("test.wit", wit).unwrap();
    let world = resolve.select_world(&[package], Some("acting")).unwrap();
    let wat = r#"(module
        (memory (export "memory") 1)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
        (func (export "portico:plugin/action@1.0.0#schema") (result i32) (i32.const 0))
        (func (export "portico:plugin/action@1.0.0#run") (param i32 i32) (result i32) (i32.const 0)))"#;
    let mut module = wat::parse_str(wat).unwrap();
    let encoding = wit_component::StringEncoding::UTF8;
    wit_component::embed_component_metadata(&mut module, &resolve, world, encoding).unwrap();
    let encoder = wit_component::ComponentEncoder::default().module(&module);
    let wasm = encoder.unwrap().encode().unwrap();
    let loaded = host().load(spec(World::ScaffolderAction, wasm)).await;
    assert!(
        matches!(loaded, Err(LoadError::WrongWorld { .. })),
        "{loaded:?}"
    );
}

#[tokio::test]
async fn there_is_no_wasi() {
    // 47
    let wit = "package test:clocks;
        interface wall { now: func() -> u64; }
        world acting { include portico:plugin/scaffolder-action@1.0.0; import wall; }";
    let wat = action_wat(ActionText {
        imports: r#"(import "test:clocks/wall" "now" (func $now (result i64)))"#,
        attack: "(drop (call $now))",
        ..ActionText::default()
    });
    let wasm = component_of("acting", wit, &wat);
    match host().load(spec(World::ScaffolderAction, wasm)).await {
        Err(LoadError::UnknownImports { imports }) => assert_eq!(imports, ["test:clocks/wall"]),
        other => panic!("{other:?}"),
    }
}

/// A component that is small to send and long to compile.
fn bomb() -> Vec<u8> {
    let branches = "0 ".repeat(2_000);
    let body = format!("(block (br_table {branches} (local.get 0)))").repeat(5);
    let function = |n| format!("(func (export \"f{n}\") (param i32) {body})");
    let functions = [0, 1, 2].map(function).concat();
    action(ActionText {
        items: Box::leak(functions.into_boxed_str()),
        ..ActionText::default()
    })
}

#[tokio::test]
async fn compiling_is_bounded_and_harms_nobody() {
    // 27
    let cache = tempfile::tempdir().unwrap();
    let small = |change: fn(&mut CompileLimits)| {
        let mut options = options(cache.path().to_owned());
        change(&mut options.compile_limits);
        PluginHost::start(options, Services::default()).unwrap()
    };
    let no_time = small(|it| it.wall = Duration::from_millis(1));
    let no_memory = small(|it| it.memory_bytes = 24 << 20);
    let no_room = small(|it| it.code_bytes = 100);
    let bomb = bomb();
    let began = Instant::now();
    for (what, host) in [
        ("time", &no_time),
        ("memory", &no_memory),
        ("room", &no_room),
    ] {
        let loaded = host.load(spec(World::ScaffolderAction, bomb.clone())).await;
        let refused = matches!(
            loaded,
            Err(LoadError::CompileLimit { .. } | LoadError::Internal { .. })
        );
        assert!(refused, "without {what}: {loaded:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(30));
    let healthy = small(|_| {});
    healthy
        .load(spec(World::ScorecardCheck, check("")))
        .await
        .unwrap();
}

/// Components that are as much work for a compiler as their size allows.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let locals = |count: usize| {
        let function = |n| format!("(func (export \"f{n}\") (local {}))", "i64 ".repeat(count));
        (0..20).map(function).collect::<String>()
    };
    let functions = |count: usize| {
        let function = "(func (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))";
        function.repeat(count)
    };
    let nested = |depth: usize| {
        format!(
            "(func {}{})",
            "(block (loop ".repeat(depth),
            "))".repeat(depth)
        )
    };
    let branches = |count: usize| {
        let targets = "0 ".repeat(count);
        format!("(func (param i32) (block (br_table {targets} (local.get 0))))")
    };
    let made = |items: String| {
        action(ActionText {
            items: &items,
            ..ActionText::default()
        })
    };
    vec![
        ("functions with 40,000 locals", made(locals(40_000))),
        ("20,000 functions", made(functions(20_000))),
        ("2,000 blocks in each other", made(nested(1_000))),
        ("a table of 200,000 branches", made(branches(200_000))),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_is_compiled_within_the_bounds_or_refused() {
    // 27: elsewhere, so that this process does not grow.
    let cache = tempfile::tempdir().unwrap();
    let mut options = options(cache.path().to_owned());
    options.compile_limits.cpu = Duration::from_secs(3);
    options.compile_limits.memory_bytes = 1 << 30;
    let host = PluginHost::start(options, Services::default()).unwrap();
    for (what, bomb) in bombs() {
        let before = resident();
        let loaded = host.prepare(spec(World::ScaffolderAction, bomb)).await;
        match &loaded {
            Ok(_)
            | Err(
                LoadError::CompileLimit { .. }
                | LoadError::Compile { .. }
                | LoadError::NotAComponent { .. },
            ) => {}
            Err(error) => panic!("{what}: {error:?}"),
        }
        let grown = resident().saturating_sub(before);
        assert!(grown < 256 << 20, "{what}: {grown} bytes");
        let healthy = host.prepare(spec(World::ScorecardCheck, check(""))).await;
        assert!(healthy.is_ok(), "after {what}");
    }
}

#[tokio::test]
async fn more_locals_than_the_format_allows_are_not_compiled_at_all() {
    let items = format!("(func (local {}))", "i64 ".repeat(60_000));
    let module = wat::parse_str(format!("(component (core module {items}))")).unwrap();
    let loaded = host().load(spec(World::ScaffolderAction, module)).await;
    assert!(
        matches!(loaded, Err(LoadError::NotAComponent { .. })),
        "{loaded:?}"
    );
}

#[tokio::test]
async fn size_is_looked_at_first() {
    let loaded = host()
        .load(spec(World::ScorecardCheck, vec![0; (64 << 20) + 1]))
        .await;
    assert!(
        matches!(loaded, Err(LoadError::TooLarge { .. })),
        "{loaded:?}"
    );
}
