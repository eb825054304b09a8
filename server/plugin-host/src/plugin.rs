//! A plugin that is loaded: compiled, linked with what it was granted, ready to be called.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wasmtime::component::InstancePre;

use crate::admission::Share;
use crate::egress::Egress;
use crate::exports::Exports;
use crate::health::{Health, Record};
use crate::store::CallState;
use crate::{Digest, Event, Grants, Limits, Services, World};

/// Which plugin, and which of its versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PluginKey {
    /// Its id.
    pub id: String,
    /// The component.
    pub digest: Digest,
}

/// Everything that is needed to load a plugin.
#[derive(Clone, Debug)]
pub struct PluginSpec {
    /// Its id.
    pub id: String,
    /// The world it is made for.
    pub world: World,
    /// The component.
    pub wasm: Arc<[u8]>,
    /// What it may touch.
    pub grants: Grants,
    /// How much it may use.
    pub limits: Limits,
    /// A JSON object, valid against the schema of its manifest.
    pub config: Value,
}

/// What calls of a plugin share.
pub(crate) struct Settings {
    pub(crate) key: PluginKey,
    pub(crate) world: World,
    pub(crate) grants: Grants,
    pub(crate) limits: Limits,
    /// JSON.
    pub(crate) config: String,
    pub(crate) services: Services,
    pub(crate) egress: Arc<Egress>,
}

/// A loaded plugin. It stays usable as long as somebody holds it, also after another took its
/// place: calls end on what they began on.
pub struct Plugin {
    pub(crate) settings: Arc<Settings>,
    pub(crate) pre: InstancePre<CallState>,
    pub(crate) exports: Exports,
    pub(crate) share: Arc<Share>,
    pub(crate) record: Arc<Record>,
}

impl Plugin {
    /// Which one.
    pub fn key(&self) -> &PluginKey {
        &self.settings.key
    }

    /// What it is made for.
    pub fn world(&self) -> World {
        self.settings.world
    }

    /// What it may touch.
    pub fn grants(&self) -> &Grants {
        &self.settings.grants
    }

    /// How much it may use.
    pub fn limits(&self) -> &Limits {
        &self.settings.limits
    }

    /// How it is doing.
    pub fn health(&self) -> Health {
        self.record.snapshot()
    }

    /// Lets it run again after faults.
    pub fn restore(&self) {
        self.record.restore();
        self.tell(Event::Restored);
    }

    pub(crate) fn tell(&self, event: Event) {
        self.settings.services.observer.event(self.key(), event);
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("key", self.key())
            .finish_non_exhaustive()
    }
}
