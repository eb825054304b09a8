//! Faults, busy plugins, upgrades: what one plugin does must not be felt by another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::guests::{ActionText, action, host, host_with, plain_grants, spec};
use async_trait::async_trait;
use parking_lot::Mutex;
use portico_plugin_host::{
    Answer, CallContext, CallError, Event, Grants, Limits, Observer, PluginKey, PluginSpec,
    Services, StateEntry, StateGrant, StateStore, World,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

const NONE: ActionText<'static> = ActionText {
    imports: "",
    items: "",
    attack: "",
    realloc: "",
    schema: "",
};

/// Asks for the key `s`, which [`Slow`] and [`Panics`] have their own answers to.
const STATE: ActionText<'static> = ActionText {
    imports: r#"(import "portico:plugin/state@1.0.0" "get" (func $get (param i32 i32 i32)))
        (data (i32.const 128) "s")"#,
    attack: "(call $get (i32.const 128) (i32.const 1) (i32.const 512))",
    ..NONE
};

/// Answers once it is let.
struct Slow(CancellationToken);

#[async_trait]
impl StateStore for Slow {
    async fn get(&self, _: &PluginKey, _: &str) -> Answer<Option<StateEntry>> {
        self.0.cancelled().await;
        Ok(None)
    }

    async fn set(
        &self,
        _: &PluginKey,
        _: &str,
        _: Option<Vec<u8>>,
        _: Option<u64>,
        _: u64,
    ) -> Answer<u64> {
        Ok(1)
    }

    async fn keys(&self, _: &PluginKey, _: &str, _: u32) -> Answer<Vec<String>> {
        Ok(Vec::new())
    }
}

struct Panics(Mutex<()>);

#[async_trait]
impl StateStore for Panics {
    async fn get(&self, _: &PluginKey, _: &str) -> Answer<Option<StateEntry>> {
        let _locked = self.0.lock();
        panic!("a bug of the host")
    }

    async fn set(
        &self,
        _: &PluginKey,
        _: &str,
        _: Option<Vec<u8>>,
        _: Option<u64>,
        _: u64,
    ) -> Answer<u64> {
        Ok(1)
    }

    async fn keys(&self, _: &PluginKey, _: &str, _: u32) -> Answer<Vec<String>> {
        Ok(Vec::new())
    }
}

#[derive(Default)]
struct Events(Mutex<Vec<Event>>);

impl Observer for Events {
    fn event(&self, _: &PluginKey, event: Event) {
        self.0.lock().push(event);
    }
}

fn with_state(text: ActionText<'_>) -> PluginSpec {
    let mut spec = spec(World::ScaffolderAction, action(text));
    spec.grants = Grants {
        state: Some(StateGrant::default()),
        ..plain_grants()
    };
    spec
}

fn slow_services(go: &CancellationToken) -> Services {
    Services {
        state: Some(Arc::new(Slow(go.clone()))),
        ..Services::default()
    }
}

#[tokio::test]
async fn waiting_for_the_host_counts_towards_the_deadline() {
    // 5
    let host = host_with(slow_services(&CancellationToken::new()));
    let mut spec = with_state(STATE);
    spec.limits.wall_ms = 100;
    let plugin = host.load(spec).await.unwrap();
    let began = Instant::now();
    let outcome = host
        .call_action(&plugin, CallContext::default(), &json!(1))
        .await;
    assert_eq!(outcome.result, Err(CallError::OutOfTime { limit_ms: 100 }));
    assert!(began.elapsed() < Duration::from_secs(2));
    let healthy = host
        .call_action(&plugin, CallContext::default(), &json!(0))
        .await;
    assert!(healthy.result.is_ok());
}

#[tokio::test]
async fn calls_that_nobody_waits_for_end() {
    // 21
    let host = host_with(slow_services(&CancellationToken::new()));
    let mut spec = with_state(STATE);
    spec.limits.concurrent_calls = 1;
    let plugin = host.load(spec).await.unwrap();
    for _ in 0..10 {
        let input = json!(1);
        let call = host.call_action(&plugin, CallContext::default(), &input);
        let dropped = tokio::time::timeout(Duration::from_millis(5), call).await;
        assert!(dropped.is_err());
    }
    let cancel = CancellationToken::new();
    cancel.cancel();
    let context = CallContext {
        cancel: Some(cancel),
        ..CallContext::default()
    };
    let cancelled = host.call_action(&plugin, context, &json!(1)).await;
    assert_eq!(cancelled.result, Err(CallError::Cancelled));
    let healthy = host
        .call_action(&plugin, CallContext::default(), &json!(0))
        .await;
    assert!(healthy.result.is_ok());
}

#[tokio::test]
async fn a_panic_of_the_host_ends_one_call() {
    // 49, 50
    let host = host_with(Services {
        state: Some(Arc::new(Panics(Mutex::new(())))),
        ..Services::default()
    });
    let plugin = host.load(with_state(STATE)).await.unwrap();
    for _ in 0..2 {
        let outcome = host
            .call_action(&plugin, CallContext::default(), &json!(1))
            .await;
        assert!(matches!(outcome.result, Err(CallError::Internal { .. })));
        let healthy = host
            .call_action(&plugin, CallContext::default(), &json!(0))
            .await;
        assert!(healthy.result.is_ok());
    }
    assert_eq!(plugin.health().faults, 0);
}

#[tokio::test]
async fn each_export_may_trap() {
    // 19
    let host = host();
    let wasm = action(ActionText {
        schema: "(unreachable)",
        ..NONE
    });
    let plugin = host
        .load(spec(World::ScaffolderAction, wasm))
        .await
        .unwrap();
    let schema = host.call_schema(&plugin).await;
    assert!(matches!(schema.result, Err(CallError::Trap { .. })));
    let healthy = host
        .call_action(&plugin, CallContext::default(), &json!(0))
        .await;
    assert!(healthy.result.is_ok());
}

#[tokio::test]
async fn a_crash_loop_stops_the_plugin_until_it_is_restored() {
    // 22
    let events = Arc::new(Events::default());
    let host = host_with(Services {
        observer: events.clone(),
        ..Services::default()
    });
    let wasm = action(ActionText {
        attack: "(unreachable)",
        ..NONE
    });
    let plugin = host
        .load(spec(World::ScaffolderAction, wasm))
        .await
        .unwrap();
    let error = loop {
        let outcome = host
            .call_action(&plugin, CallContext::default(), &json!(1))
            .await;
        match outcome.result.unwrap_err() {
            CallError::Trap { .. } => {}
            error => break error,
        }
    };
    assert!(matches!(error, CallError::Quarantined { .. }), "{error:?}");
    let health = plugin.health();
    assert_eq!((health.faults, health.refused), (5, 1));
    assert!(
        health
            .stopped
            .is_some_and(|it| it.reason.contains("unreachable"))
    );
    assert_eq!(health.errors.len(), 5);
    // Loading the same again is no way around it.
    let again = host.load(spec(
        World::ScaffolderAction,
        action(ActionText {
            attack: "(unreachable)",
            ..NONE
        }),
    ));
    let again = again.await.unwrap();
    assert!(again.health().stopped.is_some());
    plugin.restore();
    let healthy = host
        .call_action(&plugin, CallContext::default(), &json!(0))
        .await;
    assert!(healthy.result.is_ok());
    let events = events.0.lock();
    let stopped = |it: &Event| {
        matches!(
            it,
            Event::Stopped {
                quarantined: false,
                ..
            }
        )
    };
    assert_eq!(events.iter().filter(|it| stopped(it)).count(), 1);
    assert_eq!(events.last(), Some(&Event::Restored));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_end_on_the_version_they_began_on() {
    // 23
    let go = CancellationToken::new();
    let host = Arc::new(host_with(slow_services(&go)));
    let old = host.load(with_state(STATE)).await.unwrap();
    let running = tokio::spawn({
        let (host, old) = (Arc::clone(&host), Arc::clone(&old));
        async move {
            host.call_action(&old, CallContext::default(), &json!(1))
                .await
        }
    });
    let mut upgraded = with_state(ActionText {
        attack: "(unreachable)",
        ..NONE
    });
    upgraded.id.clone_from(&old.key().id);
    let new = host.load(upgraded).await.unwrap();
    let crashed = host
        .call_action(&new, CallContext::default(), &json!(1))
        .await;
    assert!(matches!(crashed.result, Err(CallError::Trap { .. })));
    assert_eq!(host.plugins().len(), 2);
    host.unload(old.key());
    assert!(host.get(old.key()).is_none());
    go.cancel();
    assert_eq!(running.await.unwrap().result, Ok(json!(1)));
}

#[tokio::test]
async fn nothing_is_left_in_memory_for_the_next_call() {
    // 24: crashes when the memory of the call before is seen.
    let host = host();
    let wasm = action(ActionText {
        attack: "(drop (memory.grow (i32.const 100)))
            (if (i32.load (i32.const 6000000)) (then (unreachable)))
            (if (i32.load (i32.const 40000)) (then (unreachable)))
            (i32.store (i32.const 6000000) (i32.const 42))
            (i32.store (i32.const 40000) (i32.const 42))",
        ..NONE
    });
    let mut tenant = spec(World::ScaffolderAction, wasm);
    let one = host.load(tenant.clone()).await.unwrap();
    tenant.id = "other".into();
    let two = host.load(tenant).await.unwrap();
    for _ in 0..50 {
        for plugin in [&one, &two] {
            let outcome = host
                .call_action(plugin, CallContext::default(), &json!(1))
                .await;
            assert_eq!(outcome.result, Ok(json!(1)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_plugin_is_refused_and_others_are_not() {
    // 25
    let go = CancellationToken::new();
    let host = Arc::new(host_with(slow_services(&go)));
    let mut slow = with_state(STATE);
    slow.limits = Limits {
        concurrent_calls: 1_000,
        queue_ms: 10,
        ..Limits::default()
    };
    let slow = host.load(slow).await.unwrap();
    let mut other = spec(World::ScaffolderAction, action(NONE));
    other.id = "other".into();
    let other = host.load(other).await.unwrap();
    let calls = (0..1_000).map(|_| {
        let (host, slow) = (Arc::clone(&host), Arc::clone(&slow));
        tokio::spawn(async move {
            host.call_action(&slow, CallContext::default(), &json!(1))
                .await
        })
    });
    let calls: Vec<_> = calls.collect();
    while slow.health().refused < 1_000 - 129 {
        tokio::task::yield_now().await;
    }
    let healthy = host
        .call_action(&other, CallContext::default(), &json!(0))
        .await;
    assert!(healthy.result.is_ok(), "{:?}", healthy.result);
    go.cancel();
    let mut busy = 0;
    for call in calls {
        match call.await.unwrap().result {
            Err(CallError::Busy { retry_after }) if !retry_after.is_zero() => busy += 1,
            result => assert_eq!(result, Ok(json!(1))),
        }
    }
    assert_eq!(busy, 1_000 - 129);
}

#[tokio::test]
async fn many_calls_just_under_the_deadline_use_up_the_share() {
    // 4
    let host = host();
    let wasm = action(ActionText {
        items: "(global $left (mut i32) (i32.const 20000000))",
        attack: "(loop $l (global.set $left (i32.sub (global.get $left) (i32.const 1)))
            (br_if $l (global.get $left)))",
        ..NONE
    });
    let mut spec = spec(World::ScaffolderAction, wasm);
    spec.limits.cpu_ms_per_minute = 100;
    let plugin = host.load(spec).await.unwrap();
    let busy = loop {
        let outcome = host
            .call_action(&plugin, CallContext::default(), &json!(1))
            .await;
        match outcome.result {
            Ok(_) => assert!(outcome.usage.cpu_us > 0),
            Err(error) => break error,
        }
    };
    assert!(matches!(busy, CallError::Busy { .. }), "{busy:?}");
}
