//! Addresses of repositories as forms write them and templates use them:
//! `github.com?owner=contoso&repo=orders`. Which parts there are depends on what the host is.

use serde::{Deserialize, Serialize};
use url::form_urlencoded;

/// How addresses name the repositories that Portico keeps: `local?repo=orders`.
pub const LOCAL_HOST: &str = "local";

/// What a host of repositories is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HostKind {
    /// The portal itself.
    Local,
    /// GitHub or a GitHub Enterprise server.
    GitHub,
    /// Azure DevOps or a server of it.
    Azure,
}

/// A host that addresses may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// `local`, `github.com`, `tfs.contoso.example:8443`; lower-case.
    pub name: String,
    /// What it is.
    pub kind: HostKind,
    /// Whether forms offer it that do not say which hosts they take.
    pub offered: bool,
}

/// An address in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The host, as it was written.
    pub host: String,
    /// Names and values, in the order in which they are asked. What is missing is empty.
    pub parts: Vec<(&'static str, String)>,
}

impl HostKind {
    /// The parts that an address has, in the order in which they are asked. On a server of Azure
    /// DevOps the organisation is the path of the collection.
    pub fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Local => &["repo"],
            Self::GitHub => &["owner", "repo"],
            Self::Azure => &["organization", "project", "repo"],
        }
    }

    /// How addresses on a host are written, for messages: `github.com?owner=OWNER&repo=NAME`.
    pub fn form(self, host: &str) -> String {
        let word = |part: &str| match part {
            "repo" => "NAME".to_owned(),
            part => part.to_uppercase(),
        };
        let parts = self.parts().iter();
        let parts: Vec<String> = parts.map(|it| format!("{it}={}", word(it))).collect();
        format!("{host}?{}", parts.join("&"))
    }
}

impl Address {
    /// The host of an address, as it is written.
    pub fn host_of(text: &str) -> &str {
        text.split('?').next().unwrap_or_default()
    }

    /// Understands an address whose host is of this kind.
    pub fn read(text: &str, kind: HostKind) -> Self {
        let (host, query) = text.split_once('?').unwrap_or((text, ""));
        let value = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            let found = pairs.find(|(key, _)| key == name);
            found.map_or_else(String::new, |(_, value)| value.trim().to_owned())
        };
        let part = |name: &'static str| match (name, value(name)) {
            // Templates from before there were projects in it call the organisation the owner.
            ("organization", text) if text.is_empty() => (name, value("owner")),
            (_, text) => (name, text),
        };
        Self {
            host: host.to_owned(),
            parts: kind.parts().iter().copied().map(part).collect(),
        }
    }

    /// A part, when there is one.
    pub fn part(&self, name: &str) -> Option<&str> {
        let found = self.parts.iter().find(|(it, _)| *it == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|it| !it.is_empty())
    }

    /// The address as text; none before every part is there.
    pub fn text(&self) -> Option<String> {
        if self.parts.iter().any(|(_, value)| value.is_empty()) {
            return None;
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.parts);
        Some(format!("{}?{}", self.host, query.finish()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(address: &str, kind: HostKind) -> Option<String> {
        Address::read(address, kind).text()
    }

    #[test]
    fn addresses_are_taken_apart_and_put_together() {
        for (kind, address) in [
            (HostKind::Local, "local?repo=payments"),
            (HostKind::GitHub, "github.com?owner=contoso&repo=payments"),
            (
                HostKind::Azure,
                "tfs.contoso.example:8443?organization=tfs%2FMain&project=R%26D+Shop&repo=100%25",
            ),
        ] {
            assert_eq!(text(address, kind).as_deref(), Some(address));
        }
    }

    #[test]
    fn parts_may_hold_anything() {
        let address = "dev.azure.com?organization=o&project=R%26D%20Shop&repo=a+b";
        let read = Address::read(address, HostKind::Azure);
        assert_eq!(read.host, "dev.azure.com");
        assert_eq!(read.part("project"), Some("R&D Shop"));
        assert_eq!(read.part("repo"), Some("a b"));
        assert_eq!(read.part("owner"), None);
        for value in ["a&b=c", "a b", "50% + 1", "Größe?#", "x/y"] {
            let written = Address {
                host: "local".to_owned(),
                parts: vec![("repo", value.to_owned())],
            };
            let read = Address::read(&written.text().unwrap(), HostKind::Local);
            assert_eq!(read, written);
        }
    }

    #[test]
    fn what_is_missing_is_empty() {
        for address in ["", "dev.azure.com", "dev.azure.com?", "x?repo=%20&project"] {
            let read = Address::read(address, HostKind::Azure);
            assert_eq!(read.parts.len(), 3, "{address}");
            assert!(read.parts.iter().all(|(_, value)| value.is_empty()));
            assert_eq!(read.text(), None);
        }
        assert_eq!(text("github.com?owner=o", HostKind::GitHub), None);
    }

    #[test]
    fn older_templates_call_the_organisation_the_owner() {
        let old = "dev.azure.com?owner=o&project=p&repo=r";
        let new = "dev.azure.com?organization=o&project=p&repo=r";
        assert_eq!(text(old, HostKind::Azure).as_deref(), Some(new));
    }

    #[test]
    fn messages_show_how_it_is_written() {
        assert_eq!(HostKind::Local.form("local"), "local?repo=NAME");
        assert_eq!(
            HostKind::Azure.form("a.test"),
            "a.test?organization=ORGANIZATION&project=PROJECT&repo=NAME"
        );
    }
}
