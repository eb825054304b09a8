//! `app`, `organization`, `permissions`, `audit` and `logging`.

use std::time::Duration;

use portico_model::EntityRef;

use crate::reader::Reader;
use crate::settings::absolute;

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

/// `permissions`: Portico's own rules.
#[derive(Clone, Debug)]
pub struct PermissionsConfig {
    /// `permissions.platformGroup`: members of this group administer the portal. A bare
    /// name is a group in the default namespace. Nobody administers through a group when absent.
    pub platform_group: Option<EntityRef>,
    /// `permissions.policies`: paths of files with Cedar policies that hold beside those of the
    /// portal, and that the portal does not change.
    pub policies: Vec<String>,
}

/// `audit`: how long events are kept.
#[derive(Clone, Debug)]
pub struct AuditConfig {
    /// `audit.retention`: events that happened longer ago are removed; default never.
    pub retention: Option<Duration>,
}

/// `logging`: what goes to standard error.
#[derive(Clone, Debug)]
pub struct LoggingConfig {
    /// `logging.format`; default `text`.
    pub format: LogFormat,
    /// `logging.audit`: whether each audit event is also a line of the log; default true.
    pub audit: bool,
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
        let policies = permissions.list("policies").into_iter();
        let policies = policies
            .filter_map(|it| {
                it.parse("the path of a file", |text| {
                    Some(absolute(&it.folder(), text))
                })
            })
            .collect();
        Self {
            platform_group,
            policies,
        }
    }
}

impl AuditConfig {
    pub(crate) fn read(audit: &Reader<'_>) -> Self {
        Self {
            retention: audit.duration("retention"),
        }
    }
}

impl LoggingConfig {
    pub(crate) fn read(logging: &Reader<'_>) -> Self {
        let format = logging.choice_or_first(
            "format",
            &[("json", LogFormat::Json)],
            ("text", LogFormat::Text),
        );
        Self {
            format,
            audit: logging.boolean("audit", true),
        }
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
