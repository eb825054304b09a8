//! The attacks of the threat model: each ends in its typed error, in time, within memory, and the
//! next healthy call succeeds.
//!
//! Numbers are those of the list in the documentation of the threat model. What is not here:
//!
//! | Attacks | Where |
//! |---|---|
//! | 5, 19, 21–25, 49, 50 | `lifecycle.rs` |
//! | 26, 27, 29, 30 | `intake.rs` |
//! | 20, 36 | `providers.rs`; passes and files that fail half-way: `server/plugins/src/provide` |
//! | 35 | the app: `app/src/data/markdown.rs`, `model`'s locations; all else is escaped text |
//! | 37 | `server/plugins/src/provide/held.rs`, `server/tests/processes/providers.rs` |
//! | 38–46 | `src/egress`, `src/capability/tests.rs`; 43 by real peers: `peers.rs` |
//! | 47 | no WASI at all: `intake.rs` |
//! | 48 | `src/capability/workspace.rs` |
//! | 52, 53 | `calls.rs` |
//! | 28, 31, 32 | `server/plugin-package`: bundles, signatures, ids |
//! | 51 | `server/tests/processes/providers.rs`: the binary, asked to stop during a call |
//!
//! That a capability is for those it was granted to is in `grants.rs`.

use std::time::{Duration, Instant};

use crate::guests::{ActionText, action, check, component_of, host, spec};
use portico_plugin_host::{CallContext, CallError, Limits, LoadError, Subject, World};
use serde_json::json;

/// Growth of the process that one attack may cause, in bytes: the memory of an instance and then some.
const GROWTH: u64 = 160 << 20;

type Expected = fn(&CallError) -> bool;

struct Attack {
    number: u32,
    what: &'static str,
    text: ActionText<'static>,
    expected: Expected,
}

const LOG: &str = r#"(import "portico:plugin/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#;
const RANDOM: &str =
    r#"(import "portico:plugin/random@1.0.0" "bytes" (func $random (param i32 i32)))"#;
const NONE: ActionText<'static> = ActionText {
    imports: "",
    items: "",
    attack: "",
    realloc: "",
    schema: "",
};

fn attacks() -> Vec<Attack> {
    let attack = |number, what, text, expected| Attack {
        number,
        what,
        text,
        expected,
    };
    vec![
        attack(
            1,
            "a loop without end",
            ActionText { attack: "(loop $l (br $l))", ..NONE },
            |it| matches!(it, CallError::OutOfCpu { limit_ms: 200 }),
        ),
        attack(
            3,
            "a loop in realloc, while the host hands over a list",
            ActionText {
                imports: RANDOM,
                items: "(global $evil (mut i32) (i32.const 0))",
                attack: "(global.set $evil (i32.const 1)) (call $random (i32.const 8) (i32.const 512))",
                realloc: "(if (global.get $evil) (then (loop $l (br $l))))",
                ..NONE
            },
            |it| matches!(it, CallError::OutOfCpu { .. }),
        ),
        attack(
            6,
            "large fills in a loop",
            ActionText {
                attack: "(drop (memory.grow (i32.const 900)))
                    (loop $l (memory.fill (i32.const 262144) (i32.const 7) (i32.const 58000000)) (br $l))",
                ..NONE
            },
            |it| matches!(it, CallError::OutOfCpu { .. }),
        ),
        attack(
            7,
            "memory until there is no more",
            ActionText {
                attack: "(block $b (loop $l
                    (br_if $b (i32.eq (memory.grow (i32.const 16)) (i32.const -1))) (br $l)))
                    (unreachable)",
                ..NONE
            },
            |it| matches!(it, CallError::OutOfMemory { limit_bytes: 0x0400_0000 }),
        ),
        attack(
            8,
            "many memories that are large together",
            ActionText {
                items: "(memory $a 1) (memory $b 1) (memory $c 1)",
                attack: "(drop (memory.grow $a (i32.const 500))) (drop (memory.grow $b (i32.const 500)))
                    (if (i32.eq (memory.grow $c (i32.const 500)) (i32.const -1)) (then (unreachable)))",
                ..NONE
            },
            |it| matches!(it, CallError::OutOfMemory { .. }),
        ),
        attack(
            9,
            "a table until there is no more",
            ActionText {
                items: "(table $t 1 funcref)",
                attack: "(if (i32.eq (table.grow $t (ref.null func) (i32.const 100000)) (i32.const -1))
                    (then (unreachable)))",
                ..NONE
            },
            |it| matches!(it, CallError::OutOfMemory { .. }),
        ),
        attack(
            11,
            "recursion without end",
            ActionText {
                items: "(func $deep (param i32) (result i32)
                    (i32.add (call $deep (local.get 0)) (local.get 0)))",
                attack: "(drop (call $deep (i32.const 1)))",
                ..NONE
            },
            |it| *it == CallError::StackOverflow,
        ),
        attack(
            12,
            "a string of 1 GiB that is not there",
            ActionText {
                attack: "(i32.store8 (i32.const 0) (i32.const 0)) (i32.store (i32.const 4) (i32.const 64))
                    (i32.store (i32.const 8) (i32.const 0x40000000)) (return (i32.const 0))",
                ..NONE
            },
            is_trap,
        ),
        attack(
            12,
            "a string larger than may be copied",
            ActionText {
                attack: "(drop (memory.grow (i32.const 500)))
                    (i32.store8 (i32.const 0) (i32.const 0)) (i32.store (i32.const 4) (i32.const 64))
                    (i32.store (i32.const 8) (i32.const 20000000)) (return (i32.const 0))",
                ..NONE
            },
            |it| matches!(it, CallError::TooMuchData { .. }),
        ),
        attack(
            12,
            "an output larger than the limit",
            ActionText {
                attack: "(drop (memory.grow (i32.const 500)))
                    (memory.fill (i32.const 262144) (i32.const 32) (i32.const 2000000))
                    (i32.store8 (i32.const 0) (i32.const 0)) (i32.store (i32.const 4) (i32.const 262144))
                    (i32.store (i32.const 8) (i32.const 2000000)) (return (i32.const 0))",
                ..NONE
            },
            |it| matches!(it, CallError::BadOutput { .. }),
        ),
        attack(
            14,
            "a huge argument of a host call",
            ActionText {
                imports: LOG,
                attack: "(drop (memory.grow (i32.const 500)))
                    (call $log (i32.const 0) (i32.const 0) (i32.const 20000000))",
                ..NONE
            },
            |it| matches!(it, CallError::TooMuchData { .. }),
        ),
        attack(
            15,
            "a pointer out of bounds",
            ActionText {
                imports: LOG,
                attack: "(call $log (i32.const 0) (i32.const 0xfffffff0) (i32.const 100))",
                ..NONE
            },
            is_trap,
        ),
        attack(
            15,
            "a level that does not exist",
            ActionText {
                imports: LOG,
                attack: "(call $log (i32.const 99) (i32.const 64) (i32.const 1))",
                ..NONE
            },
            is_trap,
        ),
        attack(
            15,
            "a string that is not UTF-8",
            ActionText {
                imports: LOG,
                attack: "(i32.store (i32.const 700) (i32.const 0xfffefdfc))
                    (call $log (i32.const 0) (i32.const 700) (i32.const 4))",
                ..NONE
            },
            is_trap,
        ),
        attack(
            15,
            "a result that is neither ok nor error",
            ActionText {
                attack: "(i32.store8 (i32.const 0) (i32.const 9)) (return (i32.const 0))",
                ..NONE
            },
            is_trap,
        ),
        attack(
            15,
            "a result that is not aligned",
            ActionText { attack: "(return (i32.const 3))", ..NONE },
            is_trap,
        ),
        attack(
            15,
            "realloc that points out of bounds",
            ActionText {
                imports: RANDOM,
                items: "(global $evil (mut i32) (i32.const 0))",
                attack: "(global.set $evil (i32.const 1)) (call $random (i32.const 8) (i32.const 512))",
                realloc: "(if (global.get $evil) (then (return (i32.const 0xfffffff0))))",
                ..NONE
            },
            is_trap,
        ),
        attack(
            15,
            "output that is not JSON",
            ActionText {
                attack: "(i32.store8 (i32.const 0) (i32.const 0)) (i32.store (i32.const 4) (i32.const 65))
                    (i32.store (i32.const 8) (i32.const 5)) (return (i32.const 0))",
                ..NONE
            },
            |it| matches!(it, CallError::BadOutput { .. }),
        ),
        attack(
            18,
            "a host call while the host is calling realloc",
            ActionText {
                imports: "(import \"portico:plugin/random@1.0.0\" \"bytes\" (func $random (param i32 i32)))
                    (import \"portico:plugin/log@1.0.0\" \"write\" (func $log (param i32 i32 i32)))",
                items: "(global $evil (mut i32) (i32.const 0))",
                attack: "(global.set $evil (i32.const 1)) (call $random (i32.const 8) (i32.const 512))",
                realloc: "(if (global.get $evil) (then
                    (call $log (i32.const 0) (i32.const 64) (i32.const 1))))",
                ..NONE
            },
            is_trap,
        ),
        attack(19, "a panic", ActionText { attack: "(unreachable)", ..NONE }, is_trap),
        attack(
            19,
            "a division by zero",
            ActionText { attack: "(drop (i32.div_s (i32.const 1) (i32.const 0)))", ..NONE },
            is_trap,
        ),
    ]
}

fn is_trap(error: &CallError) -> bool {
    matches!(error, CallError::Trap { .. })
}

fn limits() -> Limits {
    Limits {
        cpu_ms: 200,
        wall_ms: 5_000,
        memory_bytes: 64 << 20,
        ..Limits::default()
    }
}

/// Resident memory of this process, in bytes.
pub fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

#[tokio::test(flavor = "multi_thread")]
async fn attacks_end_in_their_errors_and_hurt_nobody() {
    let host = host();
    for attack in attacks() {
        let name = format!("{}: {}", attack.number, attack.what);
        let mut spec = spec(World::ScaffolderAction, action(attack.text));
        spec.limits = limits();
        let plugin = host
            .load(spec)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let (began, before) = (Instant::now(), resident());
        let outcome = host
            .call_action(&plugin, CallContext::default(), &json!(1))
            .await;
        let error = outcome.result.expect_err(&name);
        assert!((attack.expected)(&error), "{name}: {error:?}");
        assert!(error.is_fault(), "{name}");
        // Twice the limit, as other tests may run at the same time.
        assert!(
            began.elapsed() < Duration::from_secs(4),
            "{name}: {:?}",
            began.elapsed()
        );
        let grown = resident().saturating_sub(before);
        assert!(grown < GROWTH, "{name}: {grown} bytes");
        assert!(outcome.usage.peak_memory_bytes <= 64 << 20, "{name}");
        let healthy = host
            .call_action(&plugin, CallContext::default(), &json!(0))
            .await;
        assert_eq!(healthy.result, Ok(json!(0)), "{name}: the next call");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_while_instantiating_is_under_the_same_deadline() {
    // 2
    let host = host();
    let wasm = action(ActionText {
        items: "(func $begin (loop $l (br $l))) (start $begin)",
        ..NONE
    });
    let mut spec = spec(World::ScaffolderAction, wasm);
    spec.limits = limits();
    let plugin = host.load(spec).await.unwrap();
    let outcome = host
        .call_action(&plugin, CallContext::default(), &json!(0))
        .await;
    assert_eq!(outcome.result, Err(CallError::OutOfCpu { limit_ms: 200 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_that_overlap_or_are_too_many_are_too_much() {
    // 12 and 13: 1,000 findings with one text of 1 MB each; 4,000,000 findings.
    let overlapping = "(drop (memory.grow (i32.const 40)))
        (local.set $at (i32.const 100000))
        (loop $l
          (i32.store offset=4 (local.get $at) (i32.const 200000))
          (i32.store offset=8 (local.get $at) (i32.const 1000000))
          (local.set $at (i32.add (local.get $at) (i32.const 28)))
          (br_if $l (i32.lt_u (local.get $at) (i32.const 128000))))
        (i32.store (i32.const 0) (i32.const 100000))
        (i32.store (i32.const 4) (i32.const 1000))
        (return (i32.const 0))";
    let many = "(drop (memory.grow (i32.const 900)))
        (i32.store (i32.const 0) (i32.const 262144))
        (i32.store (i32.const 4) (i32.const 2000000))
        (return (i32.const 0))";
    let host = host();
    for evaluate in [overlapping, many] {
        let mut spec = spec(World::ScorecardCheck, check(evaluate));
        spec.limits = limits();
        let plugin = host.load(spec).await.unwrap();
        let before = resident();
        let subject = Subject {
            entity: json!({}),
            facts: json!({}),
        };
        let outcome = host
            .call_check(&plugin, CallContext::default(), &[subject])
            .await;
        assert!(
            matches!(outcome.result, Err(CallError::TooMuchData { .. })),
            "{:?}",
            outcome.result.map(|it| it.len())
        );
        assert!(resident().saturating_sub(before) < GROWTH);
    }
}

#[tokio::test]
async fn the_number_of_findings_is_checked() {
    let none = "(i32.store (i32.const 4) (i32.const 0)) (return (i32.const 0))";
    let host = host();
    let plugin = host
        .load(spec(World::ScorecardCheck, check(none)))
        .await
        .unwrap();
    let subject = Subject {
        entity: json!({}),
        facts: json!({}),
    };
    let outcome = host
        .call_check(&plugin, CallContext::default(), &[subject])
        .await;
    assert!(matches!(outcome.result, Err(CallError::BadOutput { .. })));
}

const RESOURCES: &str = "package test:resources;
    interface things { resource thing { constructor(); } }
    world acting { include portico:plugin/scaffolder-action@1.0.0; export things; }";

fn resource_action(attack: &'static str) -> Vec<u8> {
    let wat = crate::guests::action_wat(ActionText {
        imports: r#"(import "[export]test:resources/things" "[resource-new]thing"
              (func $new (param i32) (result i32)))
            (import "[export]test:resources/things" "[resource-rep]thing"
              (func $rep (param i32) (result i32)))
            (import "[export]test:resources/things" "[resource-drop]thing" (func $drop (param i32)))"#,
        items: r#"(func (export "test:resources/things#[constructor]thing") (result i32)
            (call $new (i32.const 1)))"#,
        attack,
        ..NONE
    });
    component_of("acting", RESOURCES, &wat)
}

#[tokio::test(flavor = "multi_thread")]
async fn handles_are_counted_and_checked() {
    // 16, 17
    let host = host();
    let cases: [(&str, Expected); 3] = [
        ("(loop $l (drop (call $new (i32.const 1))) (br $l))", |it| {
            matches!(it, CallError::TooManyHandles { limit: 1_000 })
        }),
        ("(drop (call $rep (i32.const 12345)))", is_trap),
        (
            "(global.set $heap (call $new (i32.const 1))) (call $drop (global.get $heap))
             (drop (call $rep (global.get $heap)))",
            is_trap,
        ),
    ];
    for (attack, expected) in cases {
        let plugin = host.load(spec(World::ScaffolderAction, resource_action(attack)));
        let plugin = plugin.await.unwrap();
        let outcome = host
            .call_action(&plugin, CallContext::default(), &json!(1))
            .await;
        let error = outcome.result.expect_err(attack);
        assert!(expected(&error), "{attack}: {error:?}");
        let healthy = host
            .call_action(&plugin, CallContext::default(), &json!(0))
            .await;
        assert!(healthy.result.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_lines_is_cut_and_counted() {
    // 33, 34
    let host = host();
    let wasm = action(ActionText {
        imports: LOG,
        items: "(global $left (mut i32) (i32.const 50000))",
        attack: "(memory.fill (i32.const 100000) (i32.const 65) (i32.const 100000))
            (call $log (i32.const 1) (i32.const 100000) (i32.const 100000))
            (loop $l (call $log (i32.const 1) (i32.const 64) (i32.const 5))
              (global.set $left (i32.sub (global.get $left) (i32.const 1)))
              (br_if $l (global.get $left)))",
        ..NONE
    });
    let mut spec = spec(World::ScaffolderAction, wasm);
    spec.limits = Limits {
        cpu_ms: 10_000,
        ..limits()
    };
    let plugin = host.load(spec).await.unwrap();
    let outcome = host
        .call_action(&plugin, CallContext::default(), &json!(1))
        .await;
    assert_eq!(outcome.result, Ok(json!(1)));
    assert_eq!(outcome.log.len(), 1_000);
    assert_eq!(outcome.usage.log_lines_dropped, 49_001);
    assert!(outcome.log[0].message.len() <= 4 << 10);
}

#[tokio::test]
async fn what_is_too_big_from_the_start_is_not_loaded() {
    // 9, 10
    let host = host();
    for items in ["(memory $large 65536)", "(table $large 4000000 funcref)"] {
        let wasm = action(ActionText { items, ..NONE });
        let loaded = host.load(spec(World::ScaffolderAction, wasm)).await;
        assert!(
            matches!(loaded, Err(LoadError::TooBig { .. })),
            "{items}: {loaded:?}"
        );
    }
}
