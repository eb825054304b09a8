//! The clock that interrupts guests: a thread that counts epochs while calls run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// How long a guest may compute before others get their turn. Short, because pages of the
/// portal are served by the same threads.
const TICK: Duration = Duration::from_millis(1);

/// Ticks without a call before the thread sleeps until the next one.
const IDLE_TICKS: u32 = 100;

/// Ticks while at least one [`Running`] is alive.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

struct Shared {
    running: AtomicUsize,
    parked: AtomicBool,
    stopped: AtomicBool,
}

/// A call that needs the clock.
pub(crate) struct Running<'a>(&'a Ticker);

impl Ticker {
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            running: AtomicUsize::new(0),
            parked: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        });
        let (engine, state) = (engine.weak(), Arc::clone(&shared));
        let thread = thread::Builder::new()
            .name("plugin-epochs".into())
            .spawn(move || {
                let mut idle = 0;
                while !state.stopped.load(SeqCst) {
                    thread::sleep(TICK);
                    let Some(engine) = engine.upgrade() else {
                        return;
                    };
                    engine.increment_epoch();
                    idle = if state.running.load(SeqCst) == 0 {
                        idle + 1
                    } else {
                        0
                    };
                    if idle >= IDLE_TICKS {
                        drop(engine);
                        state.park();
                        idle = 0;
                    }
                }
            })?;
        Ok(Self { shared, thread })
    }

    /// To be kept until the call ends.
    pub(crate) fn running(&self) -> Running<'_> {
        self.shared.running.fetch_add(1, SeqCst);
        if self.shared.parked.load(SeqCst) {
            self.thread.thread().unpark();
        }
        Running(self)
    }
}

impl Shared {
    /// Whoever starts a call after `parked` was set wakes the thread; one that
    /// started before is seen here.
    fn park(&self) {
        self.parked.store(true, SeqCst);
        while self.running.load(SeqCst) == 0 && !self.stopped.load(SeqCst) {
            thread::park();
        }
        self.parked.store(false, SeqCst);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stopped.store(true, SeqCst);
        self.thread.thread().unpark();
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.shared.running.fetch_sub(1, SeqCst);
    }
}
