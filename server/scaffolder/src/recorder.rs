//! What a dry run would have done.

use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;
use serde_json::Value;

/// Effects beyond this many are not kept: a dry run is for people to read.
const MAX_EFFECTS: usize = 1_000;

/// Something that would have happened beyond the workspace.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// The step.
    pub step: String,
    /// The action.
    pub action: String,
    /// What would be done, in a sentence.
    pub summary: String,
    /// The details, without secrets.
    pub details: Value,
}

/// Collects what would be done. Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Effect>>>);

impl Recorder {
    /// Notes an effect.
    pub fn record(&self, effect: Effect) {
        let mut effects = self.0.lock();
        if effects.len() < MAX_EFFECTS {
            effects.push(effect);
        }
    }

    /// What was noted, in order.
    pub fn effects(&self) -> Vec<Effect> {
        self.0.lock().clone()
    }
}
