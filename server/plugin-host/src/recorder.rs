//! What a dry run would have done.

use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;

use crate::Proposal;

/// Effects beyond this many are not kept: a dry run is for people to read.
const MAX_EFFECTS: usize = 1_000;

/// Something a call would have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(
    tag = "effect",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Effect {
    /// A request other than `GET` and `HEAD`.
    Http {
        /// The connection's name.
        connection: String,
        /// `POST`, …
        method: String,
        /// Below the connection's base URL.
        path: String,
        /// The size of the body.
        body_bytes: u64,
    },
    /// A change to a repository.
    Propose {
        /// The change, complete.
        proposal: Proposal,
    },
    /// A value written, or removed when there is no size.
    State {
        /// The key.
        key: String,
        /// The size of the value.
        bytes: Option<u64>,
    },
}

/// Collects effects. Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Effect>>>);

impl Recorder {
    /// What was recorded until now.
    pub fn effects(&self) -> Vec<Effect> {
        self.0.lock().clone()
    }

    pub(crate) fn record(&self, effect: Effect) {
        let mut effects = self.0.lock();
        if effects.len() < MAX_EFFECTS {
            effects.push(effect);
        }
    }
}
