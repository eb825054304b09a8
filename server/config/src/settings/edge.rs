//! `backend.trustedProxies`, `backend.forwardedHeader` and `backend.rateLimits`: who asks, and
//! how often they may.

use std::{net::IpAddr, time::Duration};

use ipnet::IpNet;

use crate::reader::Reader;

/// What the server believes of requests, and how many it takes.
#[derive(Clone, Debug)]
pub struct EdgeConfig {
    /// `backend.trustedProxies`: addresses and networks whose word on the client's address and
    /// scheme counts; default none.
    pub trusted_proxies: Vec<IpNet>,
    /// `backend.forwardedHeader`: the one header that those proxies write.
    pub forwarded_header: ForwardedHeader,
    /// `backend.rateLimits`.
    pub rate_limits: RateLimits,
    /// `backend.headerTimeout`: how long a peer may take to send the headers of a request;
    /// default 15 s.
    pub header_timeout: Duration,
}

/// Where proxies write the client's address. Only one is read: a proxy that writes the one
/// passes on the other as the client sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`; the default.
    XForwarded,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// Requests a minute from one client address; 0 means any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// `backend.rateLimits.signIn`: requests to the routes of signing in; default 60.
    pub sign_in: u32,
    /// `backend.rateLimits.failedTokens`: bearer tokens that are no good; default 30.
    pub failed_tokens: u32,
}

impl EdgeConfig {
    pub(crate) fn read(backend: &Reader<'_>) -> Self {
        let proxies = backend.list("trustedProxies").into_iter();
        Self {
            trusted_proxies: proxies
                .filter_map(|it| it.parse("an address or a network such as 10.0.0.0/8", network))
                .collect(),
            forwarded_header: backend.choice_or_first(
                "forwardedHeader",
                &[("forwarded", ForwardedHeader::Forwarded)],
                ("x-forwarded-for", ForwardedHeader::XForwarded),
            ),
            rate_limits: backend.object("rateLimits", |limits| {
                let read = |key, default| {
                    limits
                        .value(key)
                        .parse("requests a minute, or 0 for any number", |text| {
                            text.parse().ok()
                        })
                        .unwrap_or_else(|| limits.default(key, default))
                };
                RateLimits {
                    sign_in: read("signIn", 60),
                    failed_tokens: read("failedTokens", 30),
                }
            }),
            header_timeout: backend.duration("headerTimeout").unwrap_or_else(|| {
                backend.default("headerTimeout", "15s");
                Duration::from_secs(15)
            }),
        }
    }
}

fn network(text: &str) -> Option<IpNet> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
