//! What a call used, and the clock that ends it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::ready;
use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio_util::sync::PollSemaphore;

/// A call that has computed for longer than this takes turns with others like it.
const LIGHT: Duration = Duration::from_millis(5);

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
///
/// Calls run on the threads that serve pages, too, and yield every millisecond. That is not
/// enough when a hundred of them compute: each page would wait for a hundred milliseconds at
/// every turn. So those that turn out to be heavy share fewer processors than there are.
pub(crate) struct Metered<F> {
    inner: Pin<Box<F>>,
    meter: Arc<CpuMeter>,
    heavy: PollSemaphore,
}

impl<F> Metered<F> {
    pub(crate) fn new(meter: Arc<CpuMeter>, heavy: Arc<Semaphore>, inner: F) -> Self {
        Self {
            inner: Box::pin(inner),
            meter,
            heavy: PollSemaphore::new(heavy),
        }
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // For this poll only: a call that waits for the host is in nobody's way.
        let _turn = match self.meter.used() > LIGHT {
            true => ready!(self.heavy.poll_acquire(context)),
            false => None,
        };
        let began = thread_time_ns();
        self.meter.poll_began_ns.store(began, Relaxed);
        let polled = self.inner.as_mut().poll(context);
        let spent = thread_time_ns().saturating_sub(began);
        self.meter.used_ns.fetch_add(spent, Relaxed);
        polled
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn heavy_calls_take_turns_and_light_ones_do_not_wait() {
        let turns = Arc::new(Semaphore::new(1));
        let call = |used: Duration| {
            let meter = Arc::new(CpuMeter::default());
            meter.used_ns.store(used.as_nanos() as u64, Relaxed);
            Metered::new(meter, Arc::clone(&turns), std::future::ready(()))
        };
        let mut context = Context::from_waker(Waker::noop());
        let mut poll = |call: &mut Metered<_>| Pin::new(call).poll(&mut context);
        let (mut light, mut heavy) = (call(Duration::ZERO), call(LIGHT * 2));
        let somebody = turns.try_acquire().unwrap();
        assert!(poll(&mut light).is_ready());
        assert!(poll(&mut heavy).is_pending());
        drop(somebody);
        assert!(poll(&mut heavy).is_ready());
        assert_eq!(turns.available_permits(), 1, "given back after the poll");
    }
}
