//! How often one address may try to sign in, or to guess a token.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock as _, DefaultClock},
};
use parking_lot::Mutex;
use portico_config::RateLimits;

use super::{client::ClientAddress, origin::Requested};
use crate::{AppState, error::ApiError};

/// Addresses that are remembered; more share one count.
const ADDRESSES: usize = 50_000;

/// Where the routes of signing in begin.
const SIGN_IN: [&str; 2] = ["/auth/", "/api/auth/"];

/// The limits of this process. Each replica counts for itself.
pub(crate) struct Limits {
    sign_in: Limiter,
    failed_tokens: Limiter,
}

impl Limits {
    pub(crate) fn from_config(config: RateLimits) -> Self {
        Self {
            sign_in: Limiter::new(config.sign_in),
            failed_tokens: Limiter::new(config.failed_tokens),
        }
    }
}

/// Refuses who tries to sign in too often, and, for as long as it takes, who sent too many
/// tokens that are no good.
pub(super) async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<ClientAddress>();
    let Some(&ClientAddress(address)) = address else {
        return next.run(request).await;
    };
    if state.origin().is_local_development(Requested::of(&request)) {
        return next.run(request).await;
    }
    let limits = state.limits();
    let path = request.uri().path();
    if SIGN_IN.iter().any(|prefix| path.starts_with(prefix))
        && let Err(wait) = limits.sign_in.take(address)
    {
        return too_many(wait);
    }
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return next.run(request).await;
    }
    if let Some(wait) = limits.failed_tokens.blocked(address) {
        return too_many(wait);
    }
    let response = next.run(request).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        limits.failed_tokens.fail(address);
    }
    response
}

fn too_many(wait: Duration) -> Response {
    metrics::counter!("portico_rate_limited_total").increment(1);
    // At least one: a wait of zero would be asked again at once.
    ApiError::TooManyRequests(wait.as_secs() + 1).into_response()
}

/// A count for each address. Without one it never refuses.
struct Limiter {
    counts: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
    blocked: Mutex<HashMap<IpAddr, Instant>>,
}

impl Limiter {
    fn new(per_minute: u32) -> Self {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        Self {
            counts: quota.map(DefaultKeyedRateLimiter::keyed),
            clock: DefaultClock::default(),
            blocked: Mutex::default(),
        }
    }

    /// Counts one; how long to wait when that is one too many.
    fn take(&self, address: IpAddr) -> Result<(), Duration> {
        let Some(counts) = &self.counts else {
            return Ok(());
        };
        let mut key = network(address);
        if counts.len() >= ADDRESSES {
            counts.retain_recent();
            if counts.len() >= ADDRESSES {
                key = Ipv6Addr::UNSPECIFIED.into();
            }
        }
        counts
            .check_key(&key)
            .map_err(|refused| refused.wait_time_from(self.clock.now()))
    }

    /// Counts a failure. From one too many on the address is blocked until its next try is due.
    fn fail(&self, address: IpAddr) {
        if let Err(wait) = self.take(address) {
            let mut blocked = self.blocked.lock();
            if blocked.len() >= ADDRESSES {
                let now = Instant::now();
                blocked.retain(|_, until| *until > now);
            }
            if blocked.len() < ADDRESSES {
                blocked.insert(network(address), Instant::now() + wait);
            }
        }
    }

    fn blocked(&self, address: IpAddr) -> Option<Duration> {
        let until = *self.blocked.lock().get(&network(address))?;
        let wait = until.saturating_duration_since(Instant::now());
        (!wait.is_zero()).then_some(wait)
    }
}

/// What one customer of a provider has: an address, or with IPv6 a /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_has_a_count_of_its_own() {
        let limiter = Limiter::new(2);
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(limiter.take(ip("192.0.2.1")).is_ok());
        assert!(limiter.take(ip("192.0.2.1")).is_ok());
        let wait = limiter.take(ip("192.0.2.1")).unwrap_err();
        assert!(wait <= Duration::from_secs(30), "{wait:?}");
        assert!(limiter.take(ip("192.0.2.2")).is_ok());
        for host in ["2001:db8::1", "2001:db8::2"] {
            assert!(limiter.take(ip(host)).is_ok());
        }
        assert!(limiter.take(ip("2001:db8::3")).is_err(), "the same /64");
        assert!(limiter.take(ip("2001:db8:0:1::3")).is_ok());
    }

    #[test]
    fn one_failure_too_many_blocks() {
        let limiter = Limiter::new(1);
        let address = "192.0.2.1".parse().unwrap();
        limiter.fail(address);
        assert_eq!(limiter.blocked(address), None);
        limiter.fail(address);
        assert!(limiter.blocked(address).is_some());
        let off = Limiter::new(0);
        off.fail(address);
        off.fail(address);
        assert_eq!(off.blocked(address), None);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limiter = Limiter::new(1);
        for n in 0..ADDRESSES as u32 + 500 {
            let _ = limiter.take(IpAddr::from((0x0a00_0000 + n).to_be_bytes()));
        }
        let remembered = limiter.counts.as_ref().unwrap().len();
        assert!(remembered <= ADDRESSES + 1, "{remembered}");
    }
}
