//! Keeps addresses that anyone can register from reaching into the private network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::HostError;

/// What to do about a refused address.
const FIX: &str = "it is not a public https address; an operator can allow its host in \
                   backend.reading.allow";

/// Refuses what is not https, and literal private addresses. Names are checked
/// when they are resolved, by [`PublicResolver`].
pub(super) fn check_url(url: &Url, target: &str) -> Result<(), HostError> {
    let public = match url.host() {
        Some(Host::Domain(_)) => true,
        Some(Host::Ipv4(ip)) => is_public(ip.into()),
        Some(Host::Ipv6(ip)) => is_public(ip.into()),
        None => false,
    };
    if public && url.scheme() == "https" {
        Ok(())
    } else {
        Err(HostError::denied(target, FIX))
    }
}

/// Resolves a host and refuses it when one of its addresses is private.
pub async fn check_public(host: &str, target: &str) -> Result<(), HostError> {
    let host = host.trim_matches(['[', ']']);
    let addresses = tokio::net::lookup_host((host, 0))
        .await
        .map_err(|error| HostError::failed(target, format!("{host}: {error}")))?;
    let mut addresses = addresses.map(|address| address.ip());
    if addresses.all(is_public) {
        Ok(())
    } else {
        Err(HostError::denied(target, FIX))
    }
}

/// Whether an address belongs to the public internet.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_public_v4(ip),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    let carrier_nat = a == 100 && (64..128).contains(&b);
    let reserved = a == 0 || a >= 240;
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || carrier_nat
        || reserved)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    // NAT64 (64:ff9b::/96) and 6to4 (2002::/16) would smuggle a private IPv4 address in.
    let translated = matches!(ip.segments(), [0x64, 0xff9b, ..] | [0x2002, ..]);
    !(ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_unique_local()
        || ip.is_unicast_link_local()
        || ip.is_multicast()
        || translated)
}

/// A DNS resolver that knows public addresses only, so that a name cannot
/// change its address between a check and its use.
pub(super) struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|it| is_public(it.ip())).collect();
            if public.is_empty() {
                return Err(format!("{} has no public address; {FIX}", name.as_str()).into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_dress() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fc00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["140.82.121.4", "172.32.0.1", "2606:50c0:8000::153"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn only_https_to_names_or_public_addresses_passes() {
        let check = |url: &str| check_url(&url.parse().unwrap(), url).is_ok();
        assert!(check("https://example.com/x"));
        assert!(!check("http://example.com/x"));
        assert!(!check("https://169.254.169.254/metadata"));
        assert!(!check("https://2130706433/"));
        assert!(!check("https://[::1]/"));
    }

    #[tokio::test]
    async fn names_of_private_addresses_are_refused() {
        assert!(matches!(
            check_public("localhost", "x").await,
            Err(HostError::Denied { .. })
        ));
    }
}
