//! What a call used, and the clock that ends it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

/// What a call used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// From start to end, in microseconds; without waiting for a free place.
    pub wall_us: u64,
    /// On a processor, in microseconds.
    pub cpu_us: u64,
    /// All memories together at their largest, in bytes.
    pub peak_memory_bytes: u64,
    /// Calls of host functions that count.
    pub host_calls: u32,
    /// Requests through connections.
    pub http_requests: u32,
    /// Bytes of bodies sent and received.
    pub http_bytes: u64,
    /// Bytes written to the workspace or proposed.
    pub written_bytes: u64,
    /// Lines of log that were kept.
    pub log_lines: u32,
    /// Lines of log beyond the limit.
    pub log_lines_dropped: u32,
    /// Attempts to go beyond the grants.
    pub denials: u32,
}

/// Processor time of one call, which may move between threads from poll to poll.
#[derive(Debug, Default)]
pub(crate) struct CpuMeter {
    used_ns: AtomicU64,
    /// The thread's clock when the current poll began.
    poll_began_ns: AtomicU64,
}

impl CpuMeter {
    /// Until now. To be asked from within a poll.
    pub(crate) fn used_while_polled(&self) -> Duration {
        let poll = thread_time_ns().saturating_sub(self.poll_began_ns.load(Relaxed));
        Duration::from_nanos(self.used_ns.load(Relaxed) + poll)
    }

    /// In all polls that ended.
    pub(crate) fn used(&self) -> Duration {
        Duration::from_nanos(self.used_ns.load(Relaxed))
    }
}

fn thread_time_ns() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// A future whose polls are metered.
pub(crate) struct Metered<F> {
    inner: Pin<Box<F>>,
    meter: Arc<CpuMeter>,
}

impl<F> Metered<F> {
    pub(crate) fn new(meter: Arc<CpuMeter>, inner: F) -> Self {
        Self {
            inner: Box::pin(inner),
            meter,
        }
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let began = thread_time_ns();
        self.meter.poll_began_ns.store(began, Relaxed);
        let polled = self.inner.as_mut().poll(context);
        let spent = thread_time_ns().saturating_sub(began);
        self.meter.used_ns.fetch_add(spent, Relaxed);
        polled
    }
}
