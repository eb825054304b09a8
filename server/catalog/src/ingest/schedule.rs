//! When a source is read again.

use std::time::Duration;

use portico_store::Millis;
use rand::RngExt as _;

/// The longest wait after repeated failures.
const MAX_BACKOFF: Duration = Duration::from_mins(30);

/// The next regular read: between one and one and a half intervals from now, so that
/// sources added together spread out. `None` (polling is off) means never.
pub(crate) fn next_read(now: Millis, interval: Option<Duration>) -> Millis {
    match interval {
        None => Millis::MAX,
        Some(interval) => now + jittered(interval),
    }
}

/// The next read after `failures` failed ones in a row: the interval doubled each time, capped.
pub(crate) fn next_retry(now: Millis, interval: Option<Duration>, failures: u32) -> Millis {
    let base = interval
        .unwrap_or(Duration::from_secs(100))
        .min(Duration::from_mins(1));
    let backoff = base.saturating_mul(1 << failures.min(8)).min(MAX_BACKOFF);
    now + jittered(backoff)
}

fn jittered(interval: Duration) -> Millis {
    let millis = interval.as_millis() as Millis;
    millis + rand::rng().random_range(0..=millis / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn regular_reads_spread_over_half_an_interval() {
        for _ in 0..100 {
            let next = next_read(1_000, Some(MINUTE));
            assert!((61_000..=91_000).contains(&next), "{next}");
        }
        assert_eq!(next_read(1_000, None), Millis::MAX);
    }

    #[test]
    fn retries_back_off_up_to_a_limit() {
        let first = next_retry(0, Some(MINUTE), 0);
        let fifth = next_retry(0, Some(MINUTE), 4);
        assert!(fifth > first * 5);
        assert!(next_retry(0, Some(MINUTE), 60) <= 45 * 60_000);
    }
}
