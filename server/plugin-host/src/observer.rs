//! What the embedder is told while plugins run: for the audit log and counters.

use serde::Serialize;

use crate::{Interface, PluginKey};

/// Something worth keeping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// A plugin asked for something beyond its grants, and was refused.
    Denied {
        /// The capability.
        interface: Interface,
        /// What it asked for.
        what: String,
    },
    /// A request went to an address that enforcement would have refused.
    WouldDeny {
        /// The connection and the address.
        what: String,
    },
    /// A call ended with a fault.
    Fault {
        /// What happened.
        reason: String,
    },
    /// Repeated faults: no calls for a while, or until somebody restores it.
    Stopped {
        /// The last fault.
        reason: String,
        /// Whether only a person can restore it.
        quarantined: bool,
    },
    /// It runs again.
    Restored,
}

/// Hears of events. It must be quick: calls wait for it.
pub trait Observer: Send + Sync {
    /// Something happened to, or by, a plugin.
    fn event(&self, plugin: &PluginKey, event: Event);
}

/// For embedders that do not care.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _: &PluginKey, _: Event) {}
}
