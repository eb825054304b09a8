//! What was read of sessions a moment ago, so that a page and all it asks for is one read.

use std::sync::Arc;

use portico_store::Millis;
use quick_cache::sync::Cache as QuickCache;
use uuid::Uuid;

use super::ActiveSession;

/// How long a session counts without another look: the time after which one that was revoked
/// at another replica is refused here.
pub(super) const FRESH: Millis = 2_000;

const CAPACITY: usize = 10_000;

#[derive(Clone)]
pub(super) struct Entry {
    pub(super) digest: Vec<u8>,
    pub(super) session: Arc<ActiveSession>,
    pub(super) read_at: Millis,
}

pub(crate) struct Cache(QuickCache<Uuid, Entry>);

impl Default for Cache {
    fn default() -> Self {
        Self(QuickCache::new(CAPACITY))
    }
}

impl Cache {
    /// What was read less than [`FRESH`] before `now`.
    pub(super) fn get(&self, id: Uuid, now: Millis) -> Option<Entry> {
        let entry = self.0.get(&id)?;
        (entry.read_at..entry.read_at + FRESH)
            .contains(&now)
            .then_some(entry)
    }

    pub(super) fn put(&self, entry: Entry) {
        self.0.insert(entry.session.id, entry);
    }

    pub(crate) fn forget(&self, id: Uuid) {
        self.0.remove(&id);
    }

    /// After sessions ended whose ids nobody knows.
    pub(super) fn forget_all(&self) {
        self.0.clear();
    }
}
