//! The store of one call: its state and its limits, applied in one place.

use std::collections::HashMap;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use wasmtime::{Engine, Store, UpdateDeadline};

use crate::log::{CallLog, LogSink};
use crate::memory::MemoryLimiter;
use crate::meter::CpuMeter;
use crate::plugin::Settings;
use crate::services::{Answer, CapabilityError};
use crate::{Event, Interface, Recorder, Repositories, StateEntry, Usage, Workspace};

/// What belongs to one call. The default has nothing: capabilities that need it answer
/// `unavailable`.
#[derive(Clone, Default)]
pub struct CallContext {
    /// The working folder of the task.
    pub workspace: Option<Workspace>,
    /// The files beside the entities.
    pub repositories: Option<Arc<dyn Repositories>>,
    /// Given for a dry run: effects go there instead of happening.
    pub dry_run: Option<Recorder>,
    /// Sees log lines while the call runs.
    pub log: Option<Arc<dyn LogSink>>,
    /// Ends the call when cancelled.
    pub cancel: Option<CancellationToken>,
}

/// What host functions work with.
pub(crate) struct CallState {
    pub(crate) plugin: Arc<Settings>,
    pub(crate) context: CallContext,
    pub(crate) usage: Usage,
    pub(crate) log: CallLog,
    pub(crate) memory: MemoryLimiter,
    /// What a dry run has written to the plugin's state; none was removed.
    pub(crate) dry_state: HashMap<String, Option<StateEntry>>,
}

/// The processor time of a call is used up.
#[derive(Debug, thiserror::Error)]
#[error("out of processor time")]
pub(crate) struct CpuUsedUp;

pub(crate) fn new_store(
    engine: &Engine,
    plugin: &Arc<Settings>,
    context: CallContext,
    cpu: Arc<CpuMeter>,
) -> Store<CallState> {
    let limits = &plugin.limits;
    let log = CallLog::new(limits, context.log.clone());
    let state = CallState {
        plugin: Arc::clone(plugin),
        context,
        usage: Usage::default(),
        log,
        memory: MemoryLimiter::new(limits),
        dry_state: HashMap::new(),
    };
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.memory);
    store.set_hostcall_fuel(limits.transfer_bytes as usize);
    store.set_max_component_handles(limits.component_handles as usize);
    let budget = limits.cpu();
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| {
        if cpu.used_while_polled() > budget {
            return Err(CpuUsedUp.into());
        }
        Ok(UpdateDeadline::Yield(1))
    });
    store
}

impl CallState {
    /// Counts a host call that costs the host something.
    pub(crate) fn count_host_call(&mut self) -> Answer<()> {
        self.usage.host_calls += 1;
        let limit = self.plugin.limits.host_calls;
        if self.usage.host_calls > limit {
            return Err(too_much(format!("more than {limit} host calls")));
        }
        Ok(())
    }

    /// Refuses what is beyond the grants, and tells of it.
    pub(crate) fn denied(&mut self, interface: Interface, what: &str) -> CapabilityError {
        self.usage.denials += 1;
        let what = crate::text::line(what, 500);
        // Once for each attempt, but no flood: the rest is in the figures.
        if self.usage.denials <= 20 {
            let event = Event::Denied {
                interface,
                what: what.clone(),
            };
            self.plugin.services.observer.event(&self.plugin.key, event);
        }
        CapabilityError::Denied(format!("{interface}: {what} is not granted"))
    }

    /// Counts bytes that are written somewhere.
    pub(crate) fn count_written(&mut self, bytes: usize) -> Answer<()> {
        let written = self.usage.written_bytes + bytes as u64;
        let limit = self.plugin.limits.written_bytes;
        if written > limit {
            return Err(too_much(format!("more than {limit} bytes written")));
        }
        self.usage.written_bytes = written;
        Ok(())
    }
}

pub(crate) fn too_much(what: impl Into<String>) -> CapabilityError {
    CapabilityError::TooMuch(what.into())
}

pub(crate) fn invalid(what: impl Into<String>) -> CapabilityError {
    CapabilityError::Invalid(what.into())
}

pub(crate) fn not_offered(what: &str) -> CapabilityError {
    CapabilityError::Unavailable(format!("there is no {what} here"))
}
