//! Where a request comes from: this machine, the portal's own pages, or elsewhere.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, header},
};
use portico_config::Config;
use url::Url;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Headers that a proxy adds: the peer is then not who asks.
const FORWARDED: [HeaderName; 5] = [
    HeaderName::from_static("forwarded"),
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];

/// The cookie that holds the session, where the portal is reached over http.
pub(crate) const SESSION_COOKIE: &str = "portico_session";

/// Where the portal is reached.
#[derive(Clone, Debug)]
pub(crate) struct PortalOrigin {
    /// Origins of the configured base URLs.
    own: Vec<url::Origin>,
    https: bool,
    /// Development mode, listening on a loopback address.
    development: bool,
}

impl PortalOrigin {
    pub(crate) fn from_config(config: &Config) -> Self {
        let urls: Vec<Url> = [&config.app.base_url, &config.backend.base_url]
            .into_iter()
            .flatten()
            .filter_map(|url| Url::parse(url).ok())
            .collect();
        Self {
            https: config.is_https(),
            own: urls.iter().map(Url::origin).collect(),
            development: config.is_development() && is_loopback_host(&config.backend.listen.host),
        }
    }

    /// Whether browsers reach the portal over https.
    pub(crate) fn is_https(&self) -> bool {
        self.https
    }

    /// What the session cookie is called. Over https its name has browsers refuse one that was
    /// set for another path, for other hosts too, or without https.
    pub(crate) fn session_cookie(&self) -> &'static str {
        if self.https {
            "__Host-portico_session"
        } else {
            SESSION_COOKIE
        }
    }

    /// Whether a request comes from a person at this machine, to a portal in development
    /// mode: from a loopback address, past no proxy, to a loopback name (another name that
    /// resolves to this machine is a web site's trick), and not from another site's page.
    pub(crate) fn is_local_development(&self, request: Requested<'_>) -> bool {
        self.development
            && request.peer.is_some_and(|peer| peer.is_loopback())
            && !FORWARDED
                .iter()
                .any(|name| request.headers.contains_key(name))
            && request.host.is_some_and(is_loopback_authority)
            && !self.is_cross_site(request)
    }

    /// Whether a request that changes something may be another site's doing: it says so, or it
    /// brings a cookie and does not say where it comes from, as every browser does.
    pub(crate) fn is_forged(&self, request: Requested<'_>) -> bool {
        let has = |name: HeaderName| request.headers.contains_key(name);
        let silent = !has(SEC_FETCH_SITE) && !has(header::ORIGIN);
        (silent && has(header::COOKIE)) || self.is_cross_site(request)
    }

    /// Whether a browser sends the request for a page of another site.
    pub(crate) fn is_cross_site(&self, request: Requested<'_>) -> bool {
        let header = |name: HeaderName| {
            request
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap_or(""))
        };
        if let Some(site) = header(SEC_FETCH_SITE) {
            return !matches!(site, "same-origin" | "none");
        }
        header(header::ORIGIN).is_some_and(|origin| !self.is_own(origin, request.host))
    }

    fn is_own(&self, origin: &str, host: Option<&str>) -> bool {
        let Ok(url) = Url::parse(origin) else {
            return false;
        };
        let authority = origin
            .split_once("://")
            .map_or("", |(_, authority)| authority);
        let origin = url.origin();
        self.own.contains(&origin)
            || (origin.is_tuple() && host.is_some_and(|host| host.eq_ignore_ascii_case(authority)))
    }
}

/// The parts of a request that tell where it comes from.
#[derive(Clone, Copy)]
pub(crate) struct Requested<'a> {
    peer: Option<IpAddr>,
    host: Option<&'a str>,
    headers: &'a HeaderMap,
}

impl<'a> Requested<'a> {
    /// The address that the request comes from.
    pub(crate) fn address(&self) -> Option<String> {
        self.peer.map(|peer| peer.to_string())
    }

    /// What the browser, or program, calls itself.
    pub(crate) fn user_agent(&self) -> Option<String> {
        let name = self.headers.get(header::USER_AGENT)?;
        name.to_str().ok().map(str::to_owned)
    }

    pub(crate) fn of(request: &'a Request) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Self::new(
            peer,
            request.headers(),
            request
                .uri()
                .authority()
                .map(axum::http::uri::Authority::as_str),
        )
    }

    fn new(
        peer: Option<&ConnectInfo<SocketAddr>>,
        headers: &'a HeaderMap,
        authority: Option<&'a str>,
    ) -> Self {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .or(authority);
        Self {
            peer: peer.map(|ConnectInfo(address)| address.ip().to_canonical()),
            host,
            headers,
        }
    }
}

fn is_loopback_authority(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    is_loopback_host(host)
}

fn is_loopback_host(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portal() -> PortalOrigin {
        let base = Url::parse("https://portal.contoso.test").unwrap();
        PortalOrigin {
            own: vec![base.origin()],
            https: true,
            development: true,
        }
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    fn requested(headers: &HeaderMap) -> Requested<'_> {
        Requested {
            peer: Some([127, 0, 0, 1].into()),
            host: headers
                .get(header::HOST)
                .and_then(|host| host.to_str().ok()),
            headers,
        }
    }

    #[test]
    fn browsers_say_which_site_a_request_is_for() {
        let cross = |pairs| portal().is_cross_site(requested(&headers(pairs)));
        assert!(cross(&[("sec-fetch-site", "cross-site")]));
        assert!(cross(&[("sec-fetch-site", "same-site")]));
        assert!(!cross(&[("sec-fetch-site", "same-origin")]));
        assert!(!cross(&[("sec-fetch-site", "none")]));
        assert!(!cross(&[]), "not a browser");
        assert!(cross(&[
            ("origin", "https://evil.test"),
            ("host", "localhost:3000")
        ]));
        assert!(cross(&[("origin", "null"), ("host", "localhost:3000")]));
        assert!(!cross(&[
            ("origin", "http://localhost:3000"),
            ("host", "localhost:3000")
        ]));
        assert!(cross(&[
            ("origin", "http://localhost:4000"),
            ("host", "localhost:3000")
        ]));
        assert!(!cross(&[
            ("origin", "https://portal.contoso.test"),
            ("host", "10.0.0.7:3000")
        ]));
    }

    #[test]
    fn a_cookie_without_a_word_on_where_it_comes_from_changes_nothing() {
        let forged =
            |pairs: &[(&'static str, &str)]| portal().is_forged(requested(&headers(pairs)));
        let cookie = ("cookie", "portico_session=x");
        assert!(forged(&[cookie]));
        assert!(forged(&[cookie, ("origin", "null")]));
        assert!(!forged(&[cookie, ("sec-fetch-site", "same-origin")]));
        assert!(!forged(&[
            cookie,
            ("origin", "https://portal.contoso.test")
        ]));
        assert!(!forged(&[]), "no browser, no cookie");
    }

    #[test]
    fn only_a_person_at_this_machine_is_local() {
        let local = |pairs| portal().is_local_development(requested(&headers(pairs)));
        assert!(local(&[("host", "127.0.0.1:3000")]));
        assert!(local(&[("host", "[::1]:3000")]));
        assert!(!local(&[("host", "rebound.evil.test:3000")]));
        assert!(!local(&[
            ("host", "localhost"),
            ("x-forwarded-for", "10.1.2.3")
        ]));
        assert!(!local(&[
            ("host", "localhost"),
            ("origin", "https://evil.test")
        ]));
        assert!(!local(&[]), "no host at all");
        let far = headers(&[("host", "localhost")]);
        let far = Requested {
            peer: Some([10, 0, 0, 1].into()),
            ..requested(&far)
        };
        assert!(!portal().is_local_development(far));
        let production = PortalOrigin {
            development: false,
            ..portal()
        };
        assert!(!production.is_local_development(requested(&headers(&[("host", "localhost")]))));
    }
}
