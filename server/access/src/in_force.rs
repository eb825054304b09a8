//! Policies together with what was worked out from them.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::{Policies, Scope};

/// How many scopes are kept: people who are active, times what they list.
const SCOPES: usize = 8192;

/// The policies of one time, and scopes by what they were computed from. They end together: a
/// scope that is computed while policies are replaced is kept with those it is of, where nobody
/// looks any more.
pub(crate) struct InForce {
    pub(crate) policies: Arc<Policies>,
    scopes: Cache<u64, Scope>,
}

impl InForce {
    pub(crate) fn new(policies: Policies) -> Self {
        Self {
            policies: Arc::new(policies),
            scopes: Cache::new(SCOPES),
        }
    }

    /// The scope of a key, computed when it is asked for the first time.
    pub(crate) fn scope(&self, key: u64, compute: impl FnOnce(&Policies) -> Scope) -> Scope {
        if let Some(scope) = self.scopes.get(&key) {
            return scope;
        }
        let scope = compute(&self.policies);
        self.scopes.insert(key, scope.clone());
        scope
    }
}
