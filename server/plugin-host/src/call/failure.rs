//! What an error of the engine means.

use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use crate::memory::MemoryLimiter;
use crate::store::CpuUsedUp;
use crate::{CallError, Limits, text};

/// How an invocation ends early.
pub(super) enum Failure {
    /// Told by the engine: a trap, or a host function that gave up.
    Engine(wasmtime::Error),
    /// Known already.
    Known(CallError),
}

impl From<wasmtime::Error> for Failure {
    fn from(error: wasmtime::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::Known(error)
    }
}

impl Failure {
    pub(super) fn explain(self, limits: &Limits, memory: &MemoryLimiter) -> CallError {
        match self {
            Self::Known(error) => error,
            Self::Engine(error) => explain(&error, limits, memory),
        }
    }
}

fn explain(error: &wasmtime::Error, limits: &Limits, memory: &MemoryLimiter) -> CallError {
    if error.downcast_ref::<CpuUsedUp>().is_some() {
        return CallError::OutOfCpu {
            limit_ms: limits.cpu_ms,
        };
    }
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return CallError::Busy {
            retry_after: std::time::Duration::from_millis(500),
        };
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => return CallError::StackOverflow,
        // Few guests go on after memory was refused; most trap on their own.
        _ if memory.refused() => {
            return CallError::OutOfMemory {
                limit_bytes: limits.memory_bytes,
            };
        }
        _ => {}
    }
    let reason = format!("{:#}", error.root_cause());
    // These two have no type of their own.
    if reason.contains("fuel allocated for hostcalls") {
        return CallError::TooMuchData {
            limit_bytes: limits.transfer_bytes,
        };
    }
    if reason.contains("handle limit exceeded") {
        return CallError::TooManyHandles {
            limit: limits.component_handles,
        };
    }
    CallError::Trap {
        reason: text::line(&format!("{reason}{}", place(error)), 500),
    }
}

/// The innermost function of the plugin that has a name.
fn place(error: &wasmtime::Error) -> String {
    let backtrace = error.downcast_ref::<WasmBacktrace>();
    let mut frames = backtrace.iter().flat_map(|it| it.frames());
    let name = frames.find_map(|frame| frame.func_name().map(demangled));
    name.map(|it| format!(" in {it}")).unwrap_or_default()
}

fn demangled(name: &str) -> String {
    name.chars().take(200).collect()
}

/// Somebody called an action as a check, or the like.
pub(super) fn wrong_world(plugin: &crate::Plugin) -> Failure {
    Failure::Known(CallError::Internal {
        reason: format!("{} is a {}", plugin.key().id, plugin.world()),
    })
}
