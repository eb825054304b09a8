//! Healthy calls of each world, and what is around them.

use crate::guests::{ActionText, action, check, component, host, options, plain_grants, spec};
use portico_plugin_host::{
    Batch, CallContext, CallError, Grants, Interface, LoadError, LogLevel, PluginHost, Position,
    Recorder, Services, Subject, Verdict, World,
};
use serde_json::json;

const LOG: &str = r#"(import "portico:plugin/log@1.0.0" "write" (func $log (param i32 i32 i32)))
    (data (i32.const 128) "\1b[31mhello\0d\0aworld")"#;

fn subjects(count: usize) -> Vec<Subject> {
    let subject = Subject {
        entity: json!({"kind": "Component"}),
        facts: json!({}),
    };
    vec![subject; count]
}

#[tokio::test]
async fn an_action_takes_and_returns_json() {
    let host = host();
    let plugin = host.load(spec(World::ScaffolderAction, action(ActionText::default())));
    let plugin = plugin.await.unwrap();
    let schema = host.call_schema(&plugin).await.result.unwrap();
    assert_eq!(schema.input, json!({}));
    let input = json!({"name": "orders"});
    let outcome = host
        .call_action(&plugin, CallContext::default(), &input)
        .await;
    assert_eq!(outcome.result, Ok(input));
    assert_eq!(outcome.usage.peak_memory_bytes, 4 * 65536);
    assert!(outcome.usage.wall_us > 0 && outcome.usage.cpu_us > 0);
    let health = plugin.health();
    assert_eq!((health.calls, health.faults), (2, 0));
}

#[tokio::test]
async fn a_check_answers_for_each_entity() {
    let host = host();
    let plugin = host
        .load(spec(World::ScorecardCheck, check("")))
        .await
        .unwrap();
    for count in [0, 1, 3] {
        let outcome = host
            .call_check(&plugin, CallContext::default(), &subjects(count))
            .await;
        let findings = outcome.result.unwrap();
        assert_eq!(findings.len(), count);
        assert!(
            findings
                .iter()
                .all(|it| it.verdict == Verdict::Pass && it.message == "all is well")
        );
    }
}

#[tokio::test]
async fn a_provider_brings_a_batch() {
    // Position: discriminant, pointer, length. Batch in a result: discriminant 0, entities, removed,
    // next (none), checkpoint (none).
    let wat = r#"(module
        (memory (export "memory") 4)
        (data (i32.const 64) "{\"kind\":\"System\"}")
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096))
        (func (export "portico:plugin/provider@1.0.0#read") (param i32 i32 i32) (result i32)
          (i32.store (i32.const 512) (i32.const 64))
          (i32.store (i32.const 516) (i32.const 17))
          (i32.store (i32.const 4) (i32.const 512))
          (i32.store (i32.const 8) (i32.const 1))
          (i32.const 0)))"#;
    let host = host();
    let wasm = component(World::CatalogProvider, wat);
    let plugin = host.load(spec(World::CatalogProvider, wasm)).await.unwrap();
    for position in [Position::Start, Position::Next("x".into())] {
        let outcome = host
            .call_provider(&plugin, CallContext::default(), position)
            .await;
        let expected = Batch {
            entities: vec![json!({"kind": "System"})],
            ..Batch::default()
        };
        assert_eq!(outcome.result, Ok(expected));
    }
}

#[tokio::test]
async fn logs_come_with_the_outcome_and_are_clean() {
    let host = host();
    let wasm = action(ActionText {
        imports: LOG,
        attack: "(call $log (i32.const 2) (i32.const 128) (i32.const 17))",
        ..ActionText::default()
    });
    let plugin = host
        .load(spec(World::ScaffolderAction, wasm))
        .await
        .unwrap();
    let outcome = host
        .call_action(&plugin, CallContext::default(), &json!(1))
        .await;
    assert!(outcome.result.is_ok());
    assert_eq!(outcome.log.len(), 1);
    assert_eq!(outcome.log[0].level, LogLevel::Warn);
    assert_eq!(outcome.log[0].message, "hello world");
}

#[tokio::test]
async fn a_missing_grant_is_named_at_load() {
    let host = host();
    let wasm = action(ActionText {
        imports: LOG,
        attack: "(call $log (i32.const 2) (i32.const 128) (i32.const 17))",
        ..ActionText::default()
    });
    let mut spec = spec(World::ScaffolderAction, wasm);
    spec.grants = Grants {
        log: false,
        ..plain_grants()
    };
    match host.load(spec).await {
        Err(LoadError::NotGranted { interfaces }) => assert_eq!(interfaces, [Interface::Log]),
        other => panic!("{other:?}"),
    }
    assert!(host.plugins().is_empty());
}

#[tokio::test]
async fn the_wrong_kind_of_call_is_an_error() {
    let host = host();
    let plugin = host
        .load(spec(World::ScorecardCheck, check("")))
        .await
        .unwrap();
    let outcome = host
        .call_action(&plugin, CallContext::default(), &json!(1))
        .await;
    assert!(matches!(outcome.result, Err(CallError::Internal { .. })));
}

#[tokio::test]
async fn the_dry_run_is_told_to_the_guest() {
    let host = host();
    let wasm = action(ActionText {
        attack: "(if (i32.eqz (local.get $dry)) (then (unreachable)))",
        ..ActionText::default()
    });
    let plugin = host
        .load(spec(World::ScaffolderAction, wasm))
        .await
        .unwrap();
    let dry = CallContext {
        dry_run: Some(Recorder::default()),
        ..CallContext::default()
    };
    assert!(
        host.call_action(&plugin, dry, &json!(1))
            .await
            .result
            .is_ok()
    );
    let wet = host
        .call_action(&plugin, CallContext::default(), &json!(1))
        .await;
    assert!(matches!(wet.result, Err(CallError::Trap { .. })));
}

#[tokio::test]
async fn replicas_share_compiled_code_and_survive_damaged_files() {
    let cache = tempfile::tempdir().unwrap();
    let start =
        || PluginHost::start(options(cache.path().to_owned()), Services::default()).unwrap();
    let load = async |host: &PluginHost| {
        let plugin = host
            .load(spec(World::ScorecardCheck, check("")))
            .await
            .unwrap();
        let outcome = host
            .call_check(&plugin, CallContext::default(), &subjects(1))
            .await;
        assert!(outcome.result.is_ok());
    };
    let (one, two) = (start(), start());
    tokio::join!(load(&one), load(&two));
    let files = || {
        std::fs::read_dir(cache.path())
            .unwrap()
            .map(|it| it.unwrap().path())
    };
    let file = files().next().unwrap();
    assert_eq!(files().count(), 1);
    let good = std::fs::read(&file).unwrap();
    let foreign = std::fs::read(env!("CARGO_BIN_EXE_portico-plugin-compile")).unwrap();
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for damaged in [
        &good[..good.len() / 2],
        &foreign,
        &flipped,
        &[][..],
        &good[32..],
    ] {
        std::fs::write(&file, damaged).unwrap();
        load(&start()).await;
        assert_eq!(std::fs::read(&file).unwrap().len(), good.len());
    }
    let other_key = {
        let mut options = options(cache.path().to_owned());
        options.cache_key = [8; 32];
        PluginHost::start(options, Services::default()).unwrap()
    };
    load(&other_key).await;
}

#[tokio::test]
async fn the_cache_folder_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let host = host();
    let mode = std::fs::metadata(host.cache.path())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}
