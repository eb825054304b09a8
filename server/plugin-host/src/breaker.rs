//! When a plugin is stopped for its faults, and when it is tried again.

use std::time::{Duration, Instant};

/// Faults in a row before it is stopped.
const STRIKES: u32 = 5;
/// The first stop; each one that follows without a good call between is twice as long.
const FIRST_STOP: Duration = Duration::from_secs(1);
const LONGEST_STOP: Duration = Duration::from_mins(5);
/// Stops in a row before only a person restores it.
const STOPS_TO_QUARANTINE: u32 = 6;

/// Counts faults in a row.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    strikes: u32,
    stops: u32,
    stopped: Option<Stop>,
}

#[derive(Clone, Copy, Debug)]
enum Stop {
    Until(Instant),
    ForGood,
}

/// What a fault led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes on.
    Noted,
    /// No calls for a while.
    Stopped,
    /// No calls until somebody restores it.
    Quarantined,
}

/// Whether a call decides if a stopped plugin runs again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// As any other.
    Normally,
    /// The one that is tried after a stop.
    OnTrial,
}

impl Breaker {
    /// Fails with when it is tried again (never by itself when none).
    pub(crate) fn admit(&mut self, now: Instant) -> Result<Admitted, Option<Duration>> {
        match self.stopped {
            None => Ok(Admitted::Normally),
            Some(Stop::ForGood) => Err(None),
            Some(Stop::Until(until)) if now < until => Err(Some(until - now)),
            Some(Stop::Until(_)) => {
                // The next one waits again, whatever becomes of this trial.
                self.stopped = Some(Stop::Until(now + self.stop_length()));
                Ok(Admitted::OnTrial)
            }
        }
    }

    pub(crate) fn good(&mut self) -> bool {
        let restored = self.stopped.is_some();
        // A call that began before the quarantine does not end it.
        if !matches!(self.stopped, Some(Stop::ForGood)) {
            *self = Self::default();
        }
        restored && self.stopped.is_none()
    }

    pub(crate) fn fault(&mut self, admitted: Admitted, now: Instant) -> Verdict {
        // Calls that were running when it was stopped count no further.
        if self.stopped.is_some() && admitted == Admitted::Normally {
            return Verdict::Noted;
        }
        self.strikes += 1;
        if self.strikes < STRIKES && admitted == Admitted::Normally {
            return Verdict::Noted;
        }
        self.stops += 1;
        self.strikes = 0;
        if self.stops >= STOPS_TO_QUARANTINE {
            self.stopped = Some(Stop::ForGood);
            return Verdict::Quarantined;
        }
        self.stopped = Some(Stop::Until(now + self.stop_length()));
        Verdict::Stopped
    }

    /// Forgets everything.
    pub(crate) fn restore(&mut self) {
        *self = Self::default();
    }

    /// Whether it is stopped.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.is_some()
    }

    /// When it is tried again; never by itself, or not stopped at all, when none.
    pub(crate) fn retry_after(&self, now: Instant) -> Option<Duration> {
        match self.stopped {
            Some(Stop::Until(until)) => Some(until.saturating_duration_since(now)),
            Some(Stop::ForGood) | None => None,
        }
    }

    fn stop_length(&self) -> Duration {
        let doubled = 1_u32 << self.stops.saturating_sub(1).min(16);
        FIRST_STOP.saturating_mul(doubled).min(LONGEST_STOP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strike_out(breaker: &mut Breaker, now: Instant) -> Verdict {
        (1..STRIKES).for_each(|_| {
            assert_eq!(breaker.fault(Admitted::Normally, now), Verdict::Noted);
        });
        breaker.fault(Admitted::Normally, now)
    }

    #[test]
    fn faults_in_a_row_stop_it_and_one_good_call_restores_it() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        assert_eq!(strike_out(&mut breaker, now), Verdict::Stopped);
        assert_eq!(breaker.admit(now), Err(Some(FIRST_STOP)));
        let later = now + FIRST_STOP;
        assert_eq!(breaker.admit(later), Ok(Admitted::OnTrial));
        assert!(breaker.admit(later).is_err());
        assert!(breaker.good());
        assert_eq!(breaker.admit(later), Ok(Admitted::Normally));
    }

    #[test]
    fn good_calls_in_between_forgive() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..100 {
            assert_eq!(breaker.fault(Admitted::Normally, now), Verdict::Noted);
            breaker.good();
        }
    }

    #[test]
    fn failed_trials_take_longer_and_end_in_quarantine() {
        let (mut breaker, mut now) = (Breaker::default(), Instant::now());
        strike_out(&mut breaker, now);
        let mut waits = Vec::new();
        let quarantined = loop {
            match breaker.admit(now) {
                Err(None) => break true,
                Err(Some(wait)) => {
                    waits.push(wait.as_secs());
                    now += wait;
                }
                Ok(admitted) => {
                    breaker.fault(admitted, now);
                }
            }
        };
        assert!(quarantined);
        assert_eq!(waits, [1, 2, 4, 8, 16]);
        assert!(!breaker.good());
        assert_eq!(breaker.admit(now), Err(None));
        breaker.restore();
        assert_eq!(breaker.admit(now), Ok(Admitted::Normally));
    }
}
