//! `app`, `organization`, `auth`, `permissions`, `server` and `logging`.

use portico_model::EntityRef;

use crate::reader::Reader;

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

impl AppConfig {
    pub(crate) fn read(app: &Reader<'_>) -> Self {
        Self {
            title: app.text_or("title", "Portico"),
            base_url: base_url(app, "baseUrl"),
        }
    }
}

impl OrganizationConfig {
    pub(crate) fn read(organization: &Reader<'_>) -> Self {
        Self {
            name: organization.text("name"),
        }
    }
}

impl AuthConfig {
    pub(crate) fn read(auth: &Reader<'_>) -> Self {
        let environment = auth.choice_or_first(
            "environment",
            &[("production", Environment::Production)],
            ("development", Environment::Development),
        );
        Self { environment }
    }
}

impl PermissionsConfig {
    pub(crate) fn read(permissions: &Reader<'_>) -> Self {
        let platform_group = permissions.value("platformGroup").parse(
            "a group, for example group:default/platform",
            |text| {
                EntityRef::parse(text, Some("group"), EntityRef::DEFAULT_NAMESPACE)
                    .ok()
                    .filter(|it| it.kind() == "group")
            },
        );
        Self { platform_group }
    }
}

impl LoggingConfig {
    pub(crate) fn read(logging: &Reader<'_>) -> Self {
        let format = logging.choice_or_first(
            "format",
            &[("json", LogFormat::Json)],
            ("text", LogFormat::Text),
        );
        Self { format }
    }
}

/// An `http(s)` URL without its trailing slash.
pub(crate) fn base_url(reader: &Reader<'_>, key: &'static str) -> Option<String> {
    reader
        .value(key)
        .parse("a URL such as https://portal.contoso.com", |text| {
            let url = url::Url::parse(text).ok()?;
            let web = matches!(url.scheme(), "http" | "https") && url.has_host();
            web.then(|| text.trim_end_matches('/').to_owned())
        })
}
