//! One lane a host: how many requests at once, and until when none.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::ReadError;

/// Requests that may run at one host at the same time.
const CONCURRENCY: usize = 8;

/// The lanes of all hosts.
#[derive(Default)]
pub(super) struct Lanes(Mutex<HashMap<String, Arc<Lane>>>);

/// The state of one host.
pub(super) struct Lane {
    permits: Semaphore,
    blocked_until: Mutex<Option<SystemTime>>,
}

impl Lanes {
    pub(super) fn lane(&self, host: &str) -> Arc<Lane> {
        let mut lanes = self.0.lock();
        if let Some(lane) = lanes.get(host) {
            return Arc::clone(lane);
        }
        let lane = Lane {
            permits: Semaphore::new(CONCURRENCY),
            blocked_until: Mutex::default(),
        };
        Arc::clone(lanes.entry(host.to_owned()).or_insert(Arc::new(lane)))
    }
}

impl Lane {
    /// Waits for a place; fails at once while the host wants to be left alone.
    pub(super) async fn enter(
        &self,
        target: &str,
        host: &str,
    ) -> Result<SemaphorePermit<'_>, ReadError> {
        let permit = self.permits.acquire().await;
        let permit = permit.map_err(|closed| ReadError::failed(target, closed))?;
        let mut blocked = self.blocked_until.lock();
        match *blocked {
            Some(retry_at) if retry_at > SystemTime::now() => Err(ReadError::RateLimited {
                target: target.to_owned(),
                host: host.to_owned(),
                retry_at,
            }),
            _ => {
                *blocked = None;
                Ok(permit)
            }
        }
    }

    /// Leaves the host alone until then.
    pub(super) fn block(&self, until: SystemTime) {
        let mut blocked = self.blocked_until.lock();
        *blocked = Some(blocked.map_or(until, |earlier| earlier.max(until)));
    }
}
