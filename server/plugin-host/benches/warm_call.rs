//! What a warm call of a trivial check costs, with every limit on:
//! `cargo bench -p portico-plugin-host`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a program for developers, with the helpers of tests"
)]

#[path = "../tests/sandbox/guests.rs"]
#[expect(dead_code, reason = "what the tests need beside it")]
mod guests;

use std::time::{Duration, Instant};

use portico_plugin_host::{CallContext, Limits, Subject, World};
use serde_json::json;

const CALLS: usize = 20_000;

#[tokio::main]
async fn main() {
    let host = guests::host();
    let mut spec = guests::spec(World::ScorecardCheck, guests::check(""));
    spec.limits = Limits {
        cpu_ms_per_minute: 60_000,
        ..Limits::default()
    };
    let began = Instant::now();
    let plugin = host.load(spec).await.unwrap();
    println!(
        "load, compiling in a process of its own: {:?}",
        began.elapsed()
    );
    let subject = Subject {
        entity: json!({"kind": "Component", "metadata": {"name": "orders"}}),
        facts: json!({}),
    };
    let subjects = [subject];
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let began = Instant::now();
        let outcome = host
            .call_check(&plugin, CallContext::default(), &subjects)
            .await;
        times.push(began.elapsed());
        assert!(outcome.result.is_ok(), "{:?}", outcome.result);
    }
    times.sort_unstable();
    let at = |share: f64| times[(CALLS as f64 * share) as usize];
    let mean = times.iter().sum::<Duration>() / CALLS as u32;
    println!(
        "{CALLS} warm calls, one after another: mean {mean:?}, p50 {:?}, p99 {:?}",
        at(0.5),
        at(0.99)
    );
}
