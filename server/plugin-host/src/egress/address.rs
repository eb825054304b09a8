//! Which addresses a request may go to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// On the public internet.
    Public,
    /// On a private network or this machine: if the connection says so.
    Private,
    /// Metadata services of clouds, link-local, multicast, reserved, translated: never.
    Forbidden,
}

/// Metadata and platform services outside of the ranges that are forbidden anyway.
const METADATA_V4: [Ipv4Addr; 2] = [
    Ipv4Addr::new(100, 100, 100, 200), // Alibaba Cloud
    Ipv4Addr::new(168, 63, 129, 16),   // Azure
];
const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), // AWS
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),  // Google Cloud
];

pub(super) fn class(ip: IpAddr) -> Class {
    match ip.to_canonical() {
        IpAddr::V4(ip) => class_v4(ip),
        IpAddr::V6(ip) => class_v6(ip),
    }
}

fn class_v4(ip: Ipv4Addr) -> Class {
    let [a, b, c, _] = ip.octets();
    let forbidden = METADATA_V4.contains(&ip)
        || a == 0
        || a >= 224 // multicast, reserved, broadcast
        || ip.is_link_local()
        || ip.is_documentation()
        || matches!((a, b, c), (192, 0, 0) | (192, 88, 99)) // assignments (Oracle's metadata), relays
        || (a == 198 && (b & 0xfe) == 18); // benchmarks
    let carrier_nat = a == 100 && (64..128).contains(&b);
    match () {
        () if forbidden => Class::Forbidden,
        () if ip.is_private() || ip.is_loopback() || carrier_nat => Class::Private,
        () => Class::Public,
    }
}

fn class_v6(ip: Ipv6Addr) -> Class {
    let [first, second, ..] = ip.segments();
    // Only 2000::/3 is handed out; in it are tunnels, which carry an IPv4 address of
    // anywhere, and documentation.
    let global = first & 0xe000 == 0x2000;
    let special = matches!(
        (first, second),
        (0x2001, 0..0x200 | 0xdb8) | (0x2002 | 0x3fff, _)
    );
    match () {
        () if METADATA_V6.contains(&ip) => Class::Forbidden,
        () if ip.is_loopback() || ip.is_unique_local() => Class::Private,
        () if global && !special => Class::Public,
        () => Class::Forbidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_known_in_every_dress() {
        let table = [
            (
                Class::Public,
                "140.82.121.4 172.32.0.1 100.128.0.1 2606:50c0:8000::153 ::ffff:140.82.121.4",
            ),
            (
                Class::Private,
                "127.0.0.1 127.255.0.1 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 ::1 fc00::1 \
                 fd12::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1",
            ),
            (
                Class::Forbidden,
                "169.254.169.254 169.254.170.2 100.100.100.200 168.63.129.16 192.0.0.192 0.0.0.0 \
                 0.1.2.3 224.0.0.1 255.255.255.255 240.0.0.1 198.18.0.1 192.0.2.1 203.0.113.5 :: \
                 fd00:ec2::254 fd20:ce::254 fe80::1 fec0::1 ff02::1 64:ff9b::a00:1 64:ff9b:1::1 \
                 2002:a00:1:: 2001::1 2001:db8::1 100::1 ::ffff:169.254.169.254 ::7f00:1 \
                 ::ffff:0:127.0.0.1",
            ),
        ];
        for (expected, addresses) in table {
            for address in addresses.split_whitespace() {
                assert_eq!(class(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
