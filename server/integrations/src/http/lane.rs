//! One lane a host: how many requests at once, and until when none.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::HostError;

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
    /// Waits for a place.
    pub(super) async fn enter(&self, target: &str) -> Result<SemaphorePermit<'_>, HostError> {
        let permit = self.permits.acquire().await;
        permit.map_err(|closed| HostError::failed(target, closed))
    }

    /// Waits for a host that wants to be left alone for a moment. Fails when that takes longer
    /// than the patience.
    pub(super) async fn wait(
        &self,
        target: &str,
        host: &str,
        patience: Duration,
    ) -> Result<(), HostError> {
        loop {
            let blocked = *self.blocked_until.lock();
            let left = blocked.map(|until| until.duration_since(SystemTime::now()));
            match (blocked, left) {
                (Some(_), Some(Ok(left))) if left <= patience => tokio::time::sleep(left).await,
                (Some(retry_at), Some(Ok(_))) => {
                    let (target, host) = (target.to_owned(), host.to_owned());
                    return Err(HostError::RateLimited {
                        target,
                        host,
                        retry_at,
                    });
                }
                _ => return Ok(()),
            }
        }
    }

    /// Leaves the host alone until then.
    pub(super) fn block(&self, until: SystemTime) {
        let mut blocked = self.blocked_until.lock();
        *blocked = Some(blocked.map_or(until, |earlier| earlier.max(until)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_short_wait_is_waited_out_and_a_long_one_is_told() {
        let lanes = Lanes::default();
        let soon = SystemTime::now() + Duration::from_millis(50);
        lanes.lane("host").block(soon);
        let wait = async |host: &'static str| {
            let lane = lanes.lane(host);
            lane.wait("the target", host, Duration::from_secs(5)).await
        };
        wait("host").await.unwrap();
        assert!(SystemTime::now() >= soon);
        let later = SystemTime::now() + Duration::from_mins(5);
        lanes.lane("host").block(later);
        // A shorter wait told by an answer that comes late does not lift it.
        lanes.lane("host").block(soon);
        let error = wait("host").await.unwrap_err();
        assert_eq!(error.retry_at(), Some(later));
        wait("other").await.unwrap();
    }
}
