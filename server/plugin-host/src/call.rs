//! One path for every call: a place, a fresh store, limits, a typed end.

mod action;
mod check;
mod failure;
mod provider;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures::FutureExt as _;
use serde::Serialize;
use wasmtime::Store;
use wasmtime::component::Instance;

pub use action::ActionSchema;
pub use check::{Finding, Subject, Verdict};
pub use provider::{Batch, Position};

use crate::admission::Share;
use crate::health::Change;
use crate::meter::{CpuMeter, Metered};
use crate::plugin::Plugin;
use crate::store::{CallContext, CallState, new_store};
use crate::{CallError, Event, Limits, LogLine, PluginHost, Usage};
use failure::Failure;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome<T> {
    /// What it returned.
    pub result: Result<T, CallError>,
    /// What it used.
    pub usage: Usage,
    /// What it logged.
    pub log: Vec<LogLine>,
}

/// A call of one export: the part that differs from world to world.
trait Invocation: Send {
    type Output: Send;

    /// Calls the export and checks what it returns.
    fn invoke(
        self,
        plugin: &Plugin,
        store: &mut Store<CallState>,
    ) -> impl Future<Output = Result<Self::Output, Failure>> + Send;
}

impl PluginHost {
    /// Waits for a place, runs the call, and keeps account.
    async fn run<I: Invocation>(
        &self,
        plugin: &Plugin,
        context: CallContext,
        invocation: I,
    ) -> Outcome<I::Output> {
        let admitted = match plugin.record.admit() {
            Ok(admitted) => admitted,
            Err(error) => return Outcome::refused(error),
        };
        let permit = self.admission.admit(&plugin.share, plugin.limits()).await;
        let _permit = match permit {
            Ok(permit) => permit,
            Err(error) => {
                plugin.record.refused();
                return Outcome::refused(error);
            }
        };
        let outcome = self.run_now(plugin, context, invocation).await;
        let error = outcome.result.as_ref().err();
        if let Some(fault) = error.filter(|it| it.is_fault()) {
            plugin.tell(Event::Fault {
                reason: fault.to_string(),
            });
        }
        match plugin
            .record
            .ended(admitted, error, &outcome.usage, &outcome.log)
        {
            Change::None => {}
            Change::Restored => plugin.tell(Event::Restored),
            Change::Stopped { quarantined } => plugin.tell(Event::Stopped {
                reason: error.map(ToString::to_string).unwrap_or_default(),
                quarantined,
            }),
        }
        outcome
    }

    async fn run_now<I: Invocation>(
        &self,
        plugin: &Plugin,
        context: CallContext,
        invocation: I,
    ) -> Outcome<I::Output> {
        let began = Instant::now();
        let _running = self.ticker.running();
        let limits = plugin.limits();
        let cancel = context.cancel.clone();
        let charge = Charge::new(&plugin.share);
        let cpu = Arc::clone(&charge.cpu);
        let mut store = new_store(&self.engine, &plugin.settings, context, Arc::clone(&cpu));
        let result = {
            // A panic of a host function ends this call and nothing else.
            let work = AssertUnwindSafe(invocation.invoke(plugin, &mut store)).catch_unwind();
            let work = tokio::time::timeout(
                limits.wall(),
                Metered::new(cpu, self.admission.heavy(), work),
            );
            match cancel {
                None => Some(work.await),
                Some(cancel) => cancel.run_until_cancelled(work).await,
            }
        };
        let state = store.into_data();
        let result = match result {
            None => Err(CallError::Cancelled),
            Some(Err(_)) => Err(CallError::OutOfTime {
                limit_ms: limits.wall_ms,
            }),
            Some(Ok(Err(_))) => Err(CallError::Internal {
                reason: "a host function panicked".into(),
            }),
            Some(Ok(Ok(result))) => result.map_err(|it| it.explain(limits, &state.memory)),
        };
        Outcome::of(result, state, began, &charge)
    }
}

impl<T> Outcome<T> {
    fn refused(error: CallError) -> Self {
        Self {
            result: Err(error),
            usage: Usage::default(),
            log: Vec::new(),
        }
    }

    fn of(
        result: Result<T, CallError>,
        state: CallState,
        began: Instant,
        charge: &Charge<'_>,
    ) -> Self {
        let usage = Usage {
            wall_us: began.elapsed().as_micros() as u64,
            cpu_us: charge.cpu.used().as_micros() as u64,
            peak_memory_bytes: state.memory.peak(),
            log_lines_dropped: state.log.dropped(),
            ..state.usage
        };
        let log = state.log.into_lines();
        Self {
            result,
            usage: Usage {
                log_lines: log.len() as u32,
                ..usage
            },
            log,
        }
    }
}

/// Charges processor time to the plugin, also when whoever asked goes away.
struct Charge<'a> {
    share: &'a Share,
    cpu: Arc<CpuMeter>,
}

impl<'a> Charge<'a> {
    fn new(share: &'a Share) -> Self {
        Self {
            share,
            cpu: Arc::default(),
        }
    }
}

impl Drop for Charge<'_> {
    fn drop(&mut self) {
        self.share.charge(self.cpu.used());
    }
}

/// A fresh instance; its start functions run under the limits of the call.
async fn instantiate(plugin: &Plugin, store: &mut Store<CallState>) -> wasmtime::Result<Instance> {
    plugin.pre.instantiate_async(store).await
}

/// Parses JSON a plugin returned.
fn json(what: &str, text: &str, limits: &Limits) -> Result<serde_json::Value, CallError> {
    bounded(what, text, limits)?;
    serde_json::from_str(text)
        .map_err(|error| CallError::bad_output(format!("{what} is not JSON: {error}")))
}

fn bounded(what: &str, text: &str, limits: &Limits) -> Result<(), CallError> {
    let limit = limits.output_bytes;
    if text.len() as u64 > limit {
        return Err(CallError::bad_output(format!(
            "{what} has more than {limit} bytes"
        )));
    }
    Ok(())
}
