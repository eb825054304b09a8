//! `app`, `organization`, `auth`, `permissions`, `server` and `logging`.

use portico_model::EntityRef;

/// `app`: how the portal presents itself.
#[derive(Clone, Debug)]
pub struct AppConfig {
    /// `app.title`; default `Portico`.
    pub title: String,
    /// `app.baseUrl`, without a trailing slash: where browsers reach the portal.
    pub base_url: Option<String>,
}

/// `organization`: who runs the portal.
#[derive(Clone, Debug)]
pub struct OrganizationConfig {
    /// `organization.name`.
    pub name: Option<String>,
}

/// `auth`: how people are told apart.
#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// `auth.environment`; default `development`.
    pub environment: Environment,
}

/// Whether the development sign-in page exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Sign-in by choosing a person, from loopback addresses only.
    Development,
    /// No development sign-in.
    Production,
}

/// `permissions`: Portico's own rules.
#[derive(Clone, Debug)]
pub struct PermissionsConfig {
    /// `permissions.platformGroup`: members of this group administer the portal. A bare
    /// name is a group in the default namespace. Nobody administers through a group when absent.
    pub platform_group: Option<EntityRef>,
}

/// `server`: the listening side.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// `server.trustedProxies`: addresses or CIDR ranges whose `X-Forwarded-*` headers count.
    pub trusted_proxies: Vec<String>,
}

/// `logging`: what goes to standard error.
#[derive(Clone, Debug)]
pub struct LoggingConfig {
    /// `logging.format`; default `text`.
    pub format: LogFormat,
}

/// The shape of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}
