//! Providers that bring too much, or what is no entity; and steps after a step that failed.

use std::time::{Duration, Instant};

use crate::attacks::resident;
use crate::guests::{ActionText, action, component, host, plain_grants, spec};
use portico_plugin_host::{
    CallContext, CallError, Grants, Position, Workspace, WorkspaceGrant, World,
};
use serde_json::json;

/// The memory of this process that one batch may cost.
const GROWTH: u64 = 160 << 20;

/// A provider that brings `count` times the entity `text`, all at one place in its memory, and
/// only one such at the start of a pass.
fn provider(text: &str, count: u32) -> Vec<u8> {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    let length = text.len();
    let wat = format!(
        r#"(module
        (memory (export "memory") 300)
        (data (i32.const 8192) "{escaped}")
        (data (i32.const 48) "{{}}")
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096))
        (func (export "portico:plugin/provider@1.0.0#read") (param $position i32) (param i32 i32)
          (result i32) (local $at i32) (local $left i32)
          (i32.store (i32.const 4) (i32.const 65536))
          (if (i32.eqz (local.get $position)) (then
            (i32.store (i32.const 65536) (i32.const 48)) (i32.store (i32.const 65540) (i32.const 2))
            (i32.store (i32.const 8) (i32.const 1)) (return (i32.const 0))))
          (local.set $at (i32.const 65536))
          (local.set $left (i32.const {count}))
          (loop $next
            (i32.store (local.get $at) (i32.const 8192))
            (i32.store offset=4 (local.get $at) (i32.const {length}))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br_if $next (local.get $left)))
          (i32.store (i32.const 8) (i32.const {count}))
          (i32.const 0)))"#
    );
    component(World::CatalogProvider, &wat)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_batch_is_refused_whole() {
    // 36; what is wrong with a good object (its kind, its dates, whose it is) is for the catalog.
    type Expected = fn(&CallError) -> bool;
    let bad: Expected = |it| matches!(it, CallError::BadOutput { .. });
    let deep = "[".repeat(5_000);
    let cases: [(&str, &str, u32, Expected); 7] = [
        ("a million entities", "{}", 1_000_000, bad),
        ("more than a batch may have", "{}", 5_001, bad),
        ("a text", "\"x\"", 1, bad),
        ("a list", "[{}]", 1, bad),
        ("a score that is no number", "{\"score\":NaN}", 1, bad),
        ("two values", "{} {}", 1, bad),
        ("nested without an end", &deep, 1, bad),
    ];
    let host = host();
    for (what, text, count, expected) in cases {
        let plugin = host
            .load(spec(World::CatalogProvider, provider(text, count)))
            .await
            .unwrap();
        let (began, before) = (Instant::now(), resident());
        let next = Position::Next("x".into());
        let outcome = host
            .call_provider(&plugin, CallContext::default(), next)
            .await;
        let error = outcome.result.expect_err(what);
        assert!(
            expected(&error) || matches!(error, CallError::TooMuchData { .. }),
            "{what}: {error:?}"
        );
        assert!(began.elapsed() < Duration::from_secs(4), "{what}");
        assert!(resident().saturating_sub(before) < GROWTH, "{what}");
        let healthy = host
            .call_provider(&plugin, CallContext::default(), Position::Start)
            .await;
        assert_eq!(
            healthy.result.unwrap().entities,
            [json!({})],
            "after {what}"
        );
    }
}

#[tokio::test]
async fn a_step_that_crashes_undoes_nothing_and_stops_nothing() {
    // 20: five steps of one task; the third one crashes after it has written.
    let wasm = action(ActionText {
        imports: r#"(import "portico:plugin/workspace@1.0.0" "write-file"
            (func $write (param i32 i32 i32 i32 i32)))"#,
        attack: "(call $write (local.get $input) (local.get $length)
              (local.get $input) (local.get $length) (i32.const 2048))
            (if (i32.eq (i32.load8_u offset=1 (local.get $input)) (i32.const 51))
              (then (unreachable)))",
        ..ActionText::default()
    });
    let host = host();
    let mut spec = spec(World::ScaffolderAction, wasm);
    spec.grants = Grants {
        workspace: Some(WorkspaceGrant { write: true }),
        ..plain_grants()
    };
    let plugin = host.load(spec).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for step in 11..=15 {
        let context = CallContext {
            workspace: Some(Workspace::open(folder.path()).unwrap()),
            ..CallContext::default()
        };
        let outcome = host.call_action(&plugin, context, &json!(step)).await;
        match step {
            13 => assert!(matches!(outcome.result, Err(CallError::Trap { .. }))),
            _ => assert_eq!(outcome.result, Ok(json!(step))),
        }
        // Whoever compensates sees all that was done.
        let written = std::fs::read_to_string(folder.path().join(step.to_string()));
        assert_eq!(written.unwrap(), step.to_string());
    }
    assert_eq!(plugin.health().faults, 1);
    assert!(plugin.health().stopped.is_none());
}
