//! How a plugin is doing: bounded figures, its last errors, and its breaker.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use serde::Serialize;

use crate::breaker::{Admitted, Breaker, Verdict};
use crate::{CallError, LogLine, Usage};

/// Calls whose times make the percentiles.
const WINDOW: usize = 512;
/// Errors that are kept, and the lines of log with each.
const ERRORS: usize = 10;
const LINES: usize = 20;

/// How a plugin is doing, since it was loaded by this process.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Calls that ran.
    pub calls: u64,
    /// Calls refused because it was busy or stopped.
    pub refused: u64,
    /// Calls that ended with a fault.
    pub faults: u64,
    /// Attempts to go beyond the grants.
    pub denials: u64,
    /// Median of the last calls, in microseconds.
    pub p50_us: u64,
    /// 99th percentile of the last calls, in microseconds.
    pub p99_us: u64,
    /// Processor time of all calls, in microseconds.
    pub cpu_us: u64,
    /// The most memory a call had, in bytes.
    pub peak_memory_bytes: u64,
    /// Whether it is stopped, and why.
    pub stopped: Option<Stopped>,
    /// The last errors, latest first.
    pub errors: Vec<ErrorReport>,
}

/// Why a plugin is stopped.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stopped {
    /// When it is tried again, in milliseconds; none: when somebody restores it.
    pub retry_after_ms: Option<u64>,
    /// The last fault.
    pub reason: String,
}

/// A call that failed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorReport {
    /// When it ended, in milliseconds since 1970.
    pub at_ms: u64,
    /// What happened.
    pub message: String,
    /// Whether the plugin is to blame.
    pub fault: bool,
    /// The end of its log.
    pub log: Vec<LogLine>,
}

#[derive(Default)]
pub(crate) struct Record {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    totals: Health,
    wall_us: VecDeque<u64>,
    errors: VecDeque<ErrorReport>,
    breaker: Breaker,
    last_fault: String,
}

/// What changed by a call.
pub(crate) enum Change {
    None,
    Stopped { quarantined: bool },
    Restored,
}

impl Record {
    /// Whether a call may begin.
    pub(crate) fn admit(&self) -> Result<Admitted, CallError> {
        let inner = &mut *self.inner.lock();
        inner.breaker.admit(Instant::now()).map_err(|retry_after| {
            inner.totals.refused += 1;
            CallError::Quarantined {
                retry_after,
                reason: inner.last_fault.clone(),
            }
        })
    }

    pub(crate) fn refused(&self) {
        self.inner.lock().totals.refused += 1;
    }

    pub(crate) fn ended(
        &self,
        admitted: Admitted,
        error: Option<&CallError>,
        usage: &Usage,
        log: &[LogLine],
    ) -> Change {
        let inner = &mut *self.inner.lock();
        inner.count(usage);
        if let Some(error) = error {
            inner.keep(error, log);
        }
        match error {
            Some(error) if error.is_fault() => {
                inner.totals.faults += 1;
                inner.last_fault = error.to_string();
                match inner.breaker.fault(admitted, Instant::now()) {
                    Verdict::Noted => Change::None,
                    Verdict::Stopped => Change::Stopped { quarantined: false },
                    Verdict::Quarantined => Change::Stopped { quarantined: true },
                }
            }
            None | Some(CallError::Failed { .. }) if inner.breaker.good() => Change::Restored,
            _ => Change::None,
        }
    }

    pub(crate) fn restore(&self) {
        self.inner.lock().breaker.restore();
    }

    pub(crate) fn snapshot(&self) -> Health {
        let inner = self.inner.lock();
        let mut sorted: Vec<u64> = inner.wall_us.iter().copied().collect();
        sorted.sort_unstable();
        let at = |share: usize| sorted.get(sorted.len() * share / 100).copied().unwrap_or(0);
        let stopped = || Stopped {
            retry_after_ms: inner
                .breaker
                .retry_after(Instant::now())
                .map(|it| it.as_millis() as u64),
            reason: inner.last_fault.clone(),
        };
        Health {
            p50_us: at(50),
            p99_us: at(99),
            stopped: inner.breaker.is_stopped().then(stopped),
            errors: inner.errors.iter().cloned().collect(),
            ..inner.totals.clone()
        }
    }
}

impl Inner {
    fn count(&mut self, usage: &Usage) {
        let totals = &mut self.totals;
        totals.calls += 1;
        totals.denials += u64::from(usage.denials);
        totals.cpu_us += usage.cpu_us;
        totals.peak_memory_bytes = totals.peak_memory_bytes.max(usage.peak_memory_bytes);
        self.wall_us.truncate(WINDOW - 1);
        self.wall_us.push_front(usage.wall_us);
    }

    fn keep(&mut self, error: &CallError, log: &[LogLine]) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        self.errors.truncate(ERRORS - 1);
        self.errors.push_front(ErrorReport {
            at_ms: now.unwrap_or(Duration::ZERO).as_millis() as u64,
            message: error.to_string(),
            fault: error.is_fault(),
            log: log[log.len().saturating_sub(LINES)..].to_vec(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let record = Record::default();
        let error = CallError::Failed {
            message: "no".into(),
        };
        for wall_us in 0..10_000 {
            let usage = Usage {
                wall_us,
                ..Usage::default()
            };
            record.ended(Admitted::Normally, Some(&error), &usage, &[]);
        }
        let health = record.snapshot();
        assert_eq!((health.calls, health.faults), (10_000, 0));
        assert_eq!(health.errors.len(), ERRORS);
        assert_eq!(record.inner.lock().wall_us.len(), WINDOW);
        assert!(health.p50_us > 9_000 && health.p99_us > health.p50_us);
        assert!(health.stopped.is_none());
    }
}
