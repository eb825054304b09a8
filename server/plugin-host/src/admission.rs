//! Who may run now: so many calls of one plugin, so many in all, a place kept for everyone.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{CallError, Limits};

/// When nothing better is known about when a place will be free.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// The places all plugins share.
pub(crate) struct Admission {
    shared: Arc<Semaphore>,
    heavy: Arc<Semaphore>,
}

/// What one plugin may use at a time.
pub(crate) struct Share {
    calls: Arc<Semaphore>,
    /// One place of its own, which no other plugin can take.
    reserved: Arc<Semaphore>,
    cpu: Mutex<CpuBucket>,
}

/// A place; free again when dropped.
pub(crate) struct Permit {
    _call: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Share {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            calls: Arc::new(Semaphore::new(limits.concurrent_calls.max(1) as usize)),
            reserved: Arc::new(Semaphore::new(1)),
            cpu: Mutex::new(CpuBucket::new(limits.cpu_per_minute(), Instant::now())),
        }
    }

    /// Processor time that a call used.
    pub(crate) fn charge(&self, cpu: Duration) {
        self.cpu.lock().charge(cpu, Instant::now());
    }
}

impl Admission {
    pub(crate) fn new(places: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            shared: Arc::new(Semaphore::new(places)),
            heavy: Arc::new(Semaphore::new((cores / 2).max(1))),
        }
    }

    /// One permit for each processor that heavy calls may have: half of them.
    pub(crate) fn heavy(&self) -> Arc<Semaphore> {
        Arc::clone(&self.heavy)
    }

    /// Waits for a place, as long as the plugin's calls may queue.
    pub(crate) async fn admit(&self, share: &Share, limits: &Limits) -> Result<Permit, CallError> {
        let busy = |retry_after| CallError::Busy { retry_after };
        share.cpu.lock().admit(Instant::now()).map_err(busy)?;
        tokio::time::timeout(limits.queue(), self.place(share))
            .await
            .unwrap_or_else(|_| Err(busy(RETRY_AFTER)))
    }

    async fn place(&self, share: &Share) -> Result<Permit, CallError> {
        let call = Arc::clone(&share.calls).acquire_owned().await;
        let place = match Arc::clone(&share.reserved).try_acquire_owned() {
            Ok(place) => Ok(place),
            Err(_) => Arc::clone(&self.shared).acquire_owned().await,
        };
        match (call, place) {
            (Ok(call), Ok(place)) => Ok(Permit {
                _call: call,
                _place: place,
            }),
            // Semaphores are never closed.
            _ => Err(CallError::Busy {
                retry_after: RETRY_AFTER,
            }),
        }
    }
}

/// Processor time per minute, as a bucket that leaks: short bursts pass.
struct CpuBucket {
    per_minute: Duration,
    level: Duration,
    at: Instant,
}

impl CpuBucket {
    fn new(per_minute: Duration, now: Instant) -> Self {
        Self {
            per_minute,
            level: Duration::ZERO,
            at: now,
        }
    }

    fn charge(&mut self, cpu: Duration, now: Instant) {
        self.leak(now);
        self.level += cpu;
    }

    /// Fails with how long until the bucket is no longer full.
    fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        self.leak(now);
        if self.level < self.per_minute {
            return Ok(());
        }
        let excess = self.level.saturating_sub(self.per_minute) + Duration::from_millis(1);
        let share = self.per_minute.as_secs_f64().max(0.001) / 60.0;
        Err(Duration::from_secs_f64(excess.as_secs_f64() / share))
    }

    fn leak(&mut self, now: Instant) {
        let leaked = self
            .per_minute
            .mul_f64(now.duration_since(self.at).as_secs_f64() / 60.0);
        self.level = self.level.saturating_sub(leaked);
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(concurrent_calls: u32) -> Limits {
        Limits {
            concurrent_calls,
            queue_ms: 0,
            ..Limits::default()
        }
    }

    #[tokio::test]
    async fn a_greedy_plugin_leaves_a_place_for_everyone() {
        let admission = Admission::new(2);
        let (limits, greedy) = (limits(10), Share::new(&limits(10)));
        let mut permits = Vec::new();
        while let Ok(permit) = admission.admit(&greedy, &limits).await {
            permits.push(permit);
        }
        assert_eq!(permits.len(), 3);
        let other = Share::new(&limits);
        let place = admission.admit(&other, &limits).await;
        assert!(place.is_ok());
        permits.pop();
        assert!(admission.admit(&greedy, &limits).await.is_ok());
    }

    #[tokio::test]
    async fn calls_of_one_plugin_are_bounded() {
        let (admission, limits) = (Admission::new(100), limits(2));
        let share = Share::new(&limits);
        let _first = admission.admit(&share, &limits).await.unwrap();
        let _second = admission.admit(&share, &limits).await.unwrap();
        let third = admission.admit(&share, &limits).await;
        assert!(matches!(third, Err(CallError::Busy { .. })));
    }

    #[test]
    fn many_short_calls_add_up() {
        let start = Instant::now();
        let mut bucket = CpuBucket::new(Duration::from_secs(30), start);
        bucket.charge(Duration::from_secs(31), start);
        let wait = bucket.admit(start).unwrap_err();
        assert!((2.0..2.1).contains(&wait.as_secs_f64()), "{wait:?}");
        assert_eq!(bucket.admit(start + Duration::from_millis(2_100)), Ok(()));
    }
}
