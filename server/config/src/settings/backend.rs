//! `backend`: listening address, database, access for services, reading rules.

use std::time::Duration;

use crate::Secret;
use crate::node::NodeValue;
use crate::reader::Reader;
use crate::settings::database::DatabaseConfig;
use crate::settings::edge::EdgeConfig;
use crate::settings::portal::base_url;

/// `backend`: the server's own needs.
#[derive(Clone, Debug)]
pub struct BackendConfig {
    /// `backend.listen`; default `127.0.0.1:3000`.
    pub listen: Listen,
    /// `backend.baseUrl`, without a trailing slash.
    pub base_url: Option<String>,
    /// `backend.shutdownGrace`: how long requests in flight may take after the request to stop;
    /// default 25 s, below the 30 s after which Kubernetes kills.
    pub shutdown_grace: Duration,
    /// `backend.database`; default SQLite in `data/portico.db`.
    pub database: DatabaseConfig,
    /// `backend.auth.externalAccess`: the static tokens services call with.
    pub external_access: Vec<ExternalAccess>,
    /// `backend.reading.allow`: hosts that may be read although they are not an
    /// integration, including hosts on private addresses.
    pub reading_allow: Vec<ReadingAllow>,
    /// Proxies and rate limits.
    pub edge: EdgeConfig,
}

/// Where the server accepts connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Host name or address.
    pub host: String,
    /// TCP port; 0 lets the system choose.
    pub port: u16,
}

/// One static token of `backend.auth.externalAccess`.
#[derive(Clone, Debug)]
pub struct ExternalAccess {
    /// The bearer token.
    pub token: Secret,
    /// Who the caller is in audit events, for example `ci-pipeline`.
    pub subject: String,
    /// What the token is limited to; empty means everything.
    pub restrictions: Vec<AccessRestriction>,
}

/// One entry of `accessRestrictions`: the token may do this much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRestriction {
    /// Backstage plugin id, for example `catalog`.
    pub plugin: String,
    /// Permission names, for example `catalog.entity.read`; empty means all of the plugin.
    pub permissions: Vec<String>,
    /// Actions (`create`, `read`, `update`, `delete`); empty means all.
    pub actions: Vec<String>,
}

/// One entry of `backend.reading.allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingAllow {
    /// `host`, `host:port` or `*.domain`, lower-case.
    pub host: String,
    /// Path prefixes; empty means every path.
    pub paths: Vec<String>,
}

impl BackendConfig {
    pub(crate) fn read(backend: &Reader<'_>) -> Self {
        Self {
            listen: Listen::read(backend),
            base_url: base_url(backend, "baseUrl"),
            shutdown_grace: backend.duration("shutdownGrace").unwrap_or_else(|| {
                backend.default("shutdownGrace", "25s");
                Duration::from_secs(25)
            }),
            database: backend.object("database", DatabaseConfig::read),
            external_access: backend.object("auth", |auth| {
                let entries = auth.list("externalAccess").into_iter();
                entries
                    .filter_map(|it| it.read_object(ExternalAccess::read))
                    .collect()
            }),
            reading_allow: backend.object("reading", |reading| {
                let entries = reading.list("allow").into_iter();
                entries
                    .filter_map(|it| it.read_object(ReadingAllow::read))
                    .collect()
            }),
            edge: EdgeConfig::read(backend),
        }
    }
}

impl Listen {
    const HOST: &'static str = "127.0.0.1";
    const PORT: u16 = 3000;

    /// `:3000`, `0.0.0.0:3000`, `3000` or `{ host, port }`.
    fn read(backend: &Reader<'_>) -> Self {
        let value = backend.value("listen");
        if matches!(
            value.node().map(|node| &node.value),
            None | Some(NodeValue::Object(_))
        ) {
            return value.read_object(|listen| Self {
                host: listen.text_or("host", Self::HOST),
                port: listen
                    .value("port")
                    .parse("a port from 0 to 65535", |text| text.parse().ok())
                    .unwrap_or_else(|| listen.default("port", Self::PORT)),
            });
        }
        let parsed = value.parse("an address such as 127.0.0.1:3000", |text| {
            let (host, port) = text.rsplit_once(':').unwrap_or((Self::HOST, text));
            // Backstage's ":7007" listens on every address.
            let host = if host.is_empty() {
                "0.0.0.0"
            } else {
                host.trim_matches(['[', ']'])
            };
            Some(Self {
                host: host.to_owned(),
                port: port.parse().ok()?,
            })
        });
        parsed.unwrap_or_else(|| Self {
            host: Self::HOST.to_owned(),
            port: Self::PORT,
        })
    }
}

impl ExternalAccess {
    fn read(entry: &Reader<'_>) -> Option<Self> {
        let kind = entry.text("type").unwrap_or_default();
        if kind != "static" {
            entry.value("options");
            entry.value("accessRestrictions");
            entry.warn(format!(
                "access of type \"{kind}\" is not supported; use type: static"
            ));
            return None;
        }
        let restrictions = entry.list("accessRestrictions").into_iter();
        let restrictions = restrictions
            .filter_map(|it| it.read_object(AccessRestriction::read))
            .collect();
        entry.object("options", |options| {
            let token = options.secret("token");
            let subject = options.required_text("subject");
            let Some(token) = token else {
                options.warn("\"token\" is missing (perhaps its variable is not set); not used");
                return None;
            };
            if token.expose().is_empty() || token.expose().contains(char::is_whitespace) {
                options.problem("\"token\" must be a text without spaces");
            }
            Some(Self {
                token,
                subject: subject?,
                restrictions,
            })
        })
    }
}

impl AccessRestriction {
    fn read(entry: &Reader<'_>) -> Option<Self> {
        let permissions = entry.texts("permission");
        let actions = entry.object("permissionAttribute", |it| it.texts("action"));
        Some(Self {
            plugin: entry.required_text("plugin")?,
            permissions,
            actions,
        })
    }
}

impl ReadingAllow {
    fn read(entry: &Reader<'_>) -> Option<Self> {
        let paths = entry.texts("paths");
        Some(Self {
            host: entry.required_text("host")?.to_lowercase(),
            paths,
        })
    }

    /// Whether this entry lets a URL be read.
    pub fn allows(&self, url: &url::Url) -> bool {
        let Some(host) = url.host_str() else {
            return false;
        };
        let with_port = url.port().map(|port| format!("{host}:{port}"));
        let actual = with_port.as_deref().unwrap_or(host);
        let host_matches = match self.host.strip_prefix('*') {
            Some(suffix) => suffix.starts_with('.') && actual.ends_with(suffix),
            None => actual == self.host,
        };
        host_matches
            && (self.paths.is_empty() || self.paths.iter().any(|it| url.path().starts_with(it)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_allowed_by_host_port_and_path() {
        let allows = |host: &str, paths: &[&str], url: &str| {
            let paths = paths.iter().map(|&path| path.to_owned()).collect();
            ReadingAllow {
                host: host.to_owned(),
                paths,
            }
            .allows(&url.parse().unwrap())
        };
        assert!(allows(
            "docs.contoso.com",
            &[],
            "https://docs.contoso.com/a"
        ));
        assert!(!allows(
            "docs.contoso.com",
            &[],
            "https://docs.contoso.com:8443/a"
        ));
        assert!(allows(
            "docs.contoso.com:8443",
            &[],
            "https://docs.contoso.com:8443/a"
        ));
        assert!(allows("*.contoso.com", &[], "https://docs.contoso.com/a"));
        assert!(!allows("*.contoso.com", &[], "https://evilcontoso.com/a"));
        assert!(!allows("*contoso.com", &[], "https://evilcontoso.com/a"));
        assert!(allows("x.com", &["/pub/"], "https://x.com/pub/a"));
        assert!(!allows("x.com", &["/pub/"], "https://x.com/pub/../secret"));
    }
}
