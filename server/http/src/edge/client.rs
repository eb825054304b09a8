//! Who a request comes from: the peer, or, where the peer is a proxy that the configuration
//! trusts, whom the proxy names.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName},
};
use ipnet::IpNet;
use portico_config::{EdgeConfig, ForwardedHeader};

const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The address of who asks, past proxies that are trusted. In the extensions of each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Whether a trusted proxy said that the browser's connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ForwardedHttps(pub(crate) bool);

/// The proxies whose word counts.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    trusted: Vec<IpNet>,
    header: ForwardedHeader,
}

impl Proxies {
    pub(crate) fn from_config(config: &EdgeConfig) -> Self {
        Self {
            trusted: config.trusted_proxies.clone(),
            header: config.forwarded_header,
        }
    }

    /// Notes in the request whom it comes from; the address, where the server knows its peer.
    pub(super) fn note(&self, request: &mut Request) -> Option<IpAddr> {
        let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
        let peer = peer.ip().to_canonical();
        let address = self.client(peer, request.headers());
        let https = self.trusts(peer).then(|| self.is_https(request.headers()));
        let extensions = request.extensions_mut();
        extensions.insert(ClientAddress(address));
        extensions.insert(ForwardedHttps(https.unwrap_or(false)));
        Some(address)
    }

    /// Proxies append the address they were called from. So the last that no trusted proxy has
    /// is the client; what stands before it is what the client wrote itself.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        for hop in self.hops(headers).into_iter().rev() {
            if !self.trusts(client) {
                break;
            }
            match address(&hop) {
                Some(address) => client = address,
                // A proxy that hides whom it serves, or nonsense: the last known hop counts.
                None => break,
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted
            .iter()
            .any(|network| network.contains(&address))
    }

    fn hops(&self, headers: &HeaderMap) -> Vec<String> {
        match self.header {
            ForwardedHeader::XForwarded => list(headers, &X_FORWARDED_FOR),
            ForwardedHeader::Forwarded => list(headers, &FORWARDED)
                .iter()
                .map(|element| parameter(element, "for").unwrap_or_default())
                .collect(),
        }
    }

    fn is_https(&self, headers: &HeaderMap) -> bool {
        let last = match self.header {
            ForwardedHeader::XForwarded => list(headers, &X_FORWARDED_PROTO).pop(),
            ForwardedHeader::Forwarded => list(headers, &FORWARDED)
                .pop()
                .and_then(|element| parameter(&element, "proto")),
        };
        last.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
    }
}

/// The elements of a header that may be repeated and separates by commas. One that is no text
/// stands for itself alone: the client may have sent it, and a proxy have added to it.
fn list(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers
        .get_all(name)
        .iter()
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .map(|element| String::from_utf8_lossy(element).trim().to_owned())
        .collect()
}

/// A parameter of an element of `Forwarded`, without its quotes.
fn parameter(element: &str, wanted: &str) -> Option<String> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case(wanted)
            .then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// An address as proxies write it: bare, with a port, in brackets.
fn address(hop: &str) -> Option<IpAddr> {
    let parsed = hop
        .parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|it| it.ip()))
        .or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok());
    parsed.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn proxies(header: ForwardedHeader) -> Proxies {
        Proxies {
            trusted: vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()],
            header,
        }
    }

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    fn client(peer: &str, values: &[&str]) -> String {
        let headers = headers(&X_FORWARDED_FOR, values);
        proxies(ForwardedHeader::XForwarded)
            .client(peer.parse().unwrap(), &headers)
            .to_string()
    }

    #[test]
    fn only_a_trusted_proxy_names_somebody_else() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("fd00::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_the_client_wrote_itself_does_not_count() {
        for forged in [
            &["1.1.1.1, 198.51.100.1"][..],
            &["1.1.1.1", "198.51.100.1"],
            &["10.9.9.9, 198.51.100.1, 10.0.0.2"],
            &["198.51.100.1:4711"],
            &["nonsense, 198.51.100.1"],
        ] {
            assert_eq!(client("10.0.0.1", forged), "198.51.100.1", "{forged:?}");
        }
        assert_eq!(client("10.0.0.1", &["1.1.1.1, unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn what_is_no_text_hides_nobody() {
        let peer = "10.0.0.1".parse().unwrap();
        let of = |header, name: &HeaderName, value: &[u8]| {
            let mut sent = HeaderMap::new();
            sent.insert(name, HeaderValue::from_bytes(value).unwrap());
            let proxies = proxies(header);
            let client = proxies.client(peer, &sent).to_string();
            (client, proxies.is_https(&sent))
        };
        for written in [
            &b"\xff, 198.51.100.1"[..],
            b"a\xc3\xa9\xff ,\x80,198.51.100.1",
        ] {
            let (client, _) = of(ForwardedHeader::XForwarded, &X_FORWARDED_FOR, written);
            assert_eq!(client, "198.51.100.1", "{written:?}");
        }
        let (client, _) = of(
            ForwardedHeader::XForwarded,
            &X_FORWARDED_FOR,
            b"1.1.1.1, \xff",
        );
        assert_eq!(client, "10.0.0.1", "the proxy itself wrote nonsense");
        let forwarded = b"for=\"\xff\", for=198.51.100.1;proto=https";
        let standard = of(ForwardedHeader::Forwarded, &FORWARDED, forwarded);
        assert_eq!(standard, ("198.51.100.1".to_owned(), true));
        let (_, https) = of(
            ForwardedHeader::XForwarded,
            &X_FORWARDED_PROTO,
            b"\xff, https",
        );
        assert!(https);
    }

    #[test]
    fn one_header_is_read_and_never_the_other() {
        let standard = proxies(ForwardedHeader::Forwarded);
        let peer = "10.0.0.1".parse().unwrap();
        let both = |forwarded: &str, x: &str| {
            let mut both = headers(&FORWARDED, &[forwarded]);
            both.insert(X_FORWARDED_FOR, x.parse().unwrap());
            both
        };
        let sent = both("for=\"[2001:db8::7]:80\";proto=https", "1.1.1.1");
        assert_eq!(standard.client(peer, &sent).to_string(), "2001:db8::7");
        assert!(standard.is_https(&sent));
        let x = proxies(ForwardedHeader::XForwarded);
        assert_eq!(x.client(peer, &sent).to_string(), "1.1.1.1");
        assert!(!x.is_https(&sent), "only X-Forwarded-Proto counts");
    }
}
