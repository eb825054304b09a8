//! Why a plugin was not loaded, and why a call of one failed.

use std::time::Duration;

use serde::Serialize;

use crate::{Interface, World};

/// A plugin that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// More bytes than are looked at.
    #[error(
        "the plugin has {bytes} bytes; at most {limit} are accepted: strip it, or build it for size"
    )]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Not a WebAssembly component.
    #[error("this is not a valid WebAssembly component: {reason}")]
    NotAComponent {
        /// What is wrong.
        reason: String,
    },
    /// Compiled code is never accepted from outside.
    #[error("this is precompiled code, which is not accepted: submit the component itself")]
    Precompiled,
    /// It imports what is no interface of Portico.
    #[error("the component imports what Portico does not offer: {}", .imports.join(", "))]
    UnknownImports {
        /// The names as imported.
        imports: Vec<String>,
    },
    /// It imports interfaces that were not granted.
    #[error("not granted: {}", join(.interfaces))]
    NotGranted {
        /// The missing grants.
        interfaces: Vec<Interface>,
    },
    /// Its imports or exports are not those of the world.
    #[error("the component does not fit the world {world}: {reason}")]
    WrongWorld {
        /// The world it was loaded for.
        world: World,
        /// Which item differs.
        reason: String,
    },
    /// It needs more from the start than its limits allow.
    #[error("the component begins with more than its limits allow: {reason}")]
    TooBig {
        /// What is too big.
        reason: String,
    },
    /// The compiler refused it.
    #[error("the component does not compile: {reason}")]
    Compile {
        /// What the compiler said.
        reason: String,
    },
    /// The compiler ran out of memory, time or patience.
    #[error("compiling the component took more than {limit}")]
    CompileLimit {
        /// Which bound was hit.
        limit: String,
    },
    /// The host itself is at fault.
    #[error("the plugin host failed: {reason}")]
    Internal {
        /// What happened.
        reason: String,
    },
}

impl LoadError {
    pub(crate) fn internal(reason: impl std::fmt::Display) -> Self {
        Self::Internal {
            reason: reason.to_string(),
        }
    }
}

fn join(interfaces: &[Interface]) -> String {
    let names: Vec<_> = interfaces.iter().map(|it| it.name()).collect();
    names.join(", ")
}

/// A call that brought no result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(
    tag = "error",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum CallError {
    /// The plugin says that it could not do it, in its own words.
    #[error("{message}")]
    Failed {
        /// For people; without control characters.
        message: String,
    },
    /// The plugin's code trapped: a panic, an access out of bounds, a wrong value.
    #[error("the plugin crashed: {reason}")]
    Trap {
        /// The kind of trap, and where.
        reason: String,
    },
    /// Longer than the limit, waiting included.
    #[error("the plugin took longer than {limit_ms} ms")]
    OutOfTime {
        /// The limit.
        limit_ms: u64,
    },
    /// More time on a processor than the limit.
    #[error("the plugin computed for longer than {limit_ms} ms")]
    OutOfCpu {
        /// The limit.
        limit_ms: u64,
    },
    /// More memory or table elements than the limit.
    #[error("the plugin wanted more than its {limit_bytes} bytes of memory, or its tables")]
    OutOfMemory {
        /// The limit of memory.
        limit_bytes: u64,
    },
    /// Recursion without an end.
    #[error("the plugin's stack overflowed")]
    StackOverflow,
    /// More data in one exchange than the limit.
    #[error("the plugin passed more than {limit_bytes} bytes at once")]
    TooMuchData {
        /// The limit.
        limit_bytes: u64,
    },
    /// More live resource handles than the limit.
    #[error("the plugin held more than {limit} handles")]
    TooManyHandles {
        /// The limit.
        limit: u32,
    },
    /// What it returned is not what the contract says.
    #[error("the plugin returned something that is not valid: {reason}")]
    BadOutput {
        /// What is wrong.
        reason: String,
    },
    /// Too many calls already, or too much processor time used in the last minute.
    #[error("the plugin is busy; try again in {} ms", .retry_after.as_millis())]
    Busy {
        /// When another try makes sense.
        #[serde(rename = "retryAfterMs", serialize_with = "milliseconds")]
        retry_after: Duration,
    },
    /// Stopped after repeated faults, until the time is over or somebody restores it.
    #[error("the plugin is stopped after repeated faults: {reason}")]
    Quarantined {
        /// When it is tried again by itself; never when none.
        #[serde(rename = "retryAfterMs", serialize_with = "optional_milliseconds")]
        retry_after: Option<Duration>,
        /// The last fault.
        reason: String,
    },
    /// Whoever asked for it does not want it any more.
    #[error("cancelled")]
    Cancelled,
    /// The host itself is at fault.
    #[error("the plugin host failed: {reason}")]
    Internal {
        /// What happened.
        reason: String,
    },
}

impl CallError {
    /// Whether the plugin is to blame: these count towards its quarantine.
    pub fn is_fault(&self) -> bool {
        !matches!(
            self,
            Self::Failed { .. }
                | Self::Busy { .. }
                | Self::Quarantined { .. }
                | Self::Cancelled
                | Self::Internal { .. }
        )
    }

    pub(crate) fn bad_output(reason: impl Into<String>) -> Self {
        Self::BadOutput {
            reason: reason.into(),
        }
    }
}

fn milliseconds<S: serde::Serializer>(it: &Duration, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_u64(it.as_millis() as u64)
}

#[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
fn optional_milliseconds<S: serde::Serializer>(
    it: &Option<Duration>,
    out: S,
) -> Result<S::Ok, S::Error> {
    it.map(|it| it.as_millis() as u64).serialize(out)
}
