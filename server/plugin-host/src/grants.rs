//! What a plugin may touch.

use std::collections::BTreeSet;
use std::fmt;

use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};

/// An interface of the host: one capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interface {
    /// Reading the catalog.
    Catalog,
    /// The time of day.
    Clock,
    /// The plugin's configuration.
    Config,
    /// Requests through connections.
    Http,
    /// Lines of log.
    Log,
    /// Random numbers.
    Random,
    /// Files beside an entity.
    Repository,
    /// Repositories: files and change requests.
    Scm,
    /// A few values of its own.
    State,
    /// The working folder of a task.
    Workspace,
}

impl Interface {
    /// All of them, by name.
    pub const ALL: [Self; 10] = [
        Self::Catalog,
        Self::Clock,
        Self::Config,
        Self::Http,
        Self::Log,
        Self::Random,
        Self::Repository,
        Self::Scm,
        Self::State,
        Self::Workspace,
    ];

    /// The name in the WIT package.
    pub fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Clock => "clock",
            Self::Config => "config",
            Self::Http => "http",
            Self::Log => "log",
            Self::Random => "random",
            Self::Repository => "repository",
            Self::Scm => "scm",
            Self::State => "state",
            Self::Workspace => "workspace",
        }
    }

    /// The interface of a name such as `http`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the platform team granted to a plugin. The default grants nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a grant of its own, not a state"
)]
pub struct Grants {
    /// Reading the catalog.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog: Option<CatalogGrant>,
    /// Knowing the time of day.
    pub clock: bool,
    /// Reading its configuration.
    pub config: bool,
    /// Requests through connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpGrant>,
    /// Writing log lines.
    pub log: bool,
    /// Random numbers.
    pub random: bool,
    /// Reading the files beside the entities it looks at.
    pub repository: bool,
    /// Reading repositories and proposing changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scm: Option<ScmGrant>,
    /// Keeping a few values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<StateGrant>,
    /// The working folder of a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceGrant>,
}

/// Reading the catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CatalogGrant {
    /// The kinds it may see, in lower case; all when empty.
    pub kinds: Vec<String>,
}

/// Requests through connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpGrant {
    /// The names of the connections it may use.
    pub connections: Vec<String>,
}

/// Reading repositories and proposing changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScmGrant {
    /// Globs over repository URLs: `https://github.com/contoso/*`, `local:*`.
    pub repositories: Vec<String>,
    /// Whether it may propose changes, too.
    pub propose: bool,
}

/// Keeping a few values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StateGrant {
    /// All keys and values together, in bytes.
    pub bytes: u64,
}

impl Default for StateGrant {
    fn default() -> Self {
        Self { bytes: 1 << 20 }
    }
}

/// The working folder of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkspaceGrant {
    /// Whether it may change files, too.
    pub write: bool,
}

impl Grants {
    /// The interfaces that are linked.
    pub fn interfaces(&self) -> BTreeSet<Interface> {
        let granted = |interface: &Interface| match interface {
            Interface::Catalog => self.catalog.is_some(),
            Interface::Clock => self.clock,
            Interface::Config => self.config,
            Interface::Http => self.http.is_some(),
            Interface::Log => self.log,
            Interface::Random => self.random,
            Interface::Repository => self.repository,
            Interface::Scm => self.scm.is_some(),
            Interface::State => self.state.is_some(),
            Interface::Workspace => self.workspace.is_some(),
        };
        Interface::ALL.into_iter().filter(granted).collect()
    }
}

impl CatalogGrant {
    /// Whether entities of a kind exist for the plugin.
    pub fn allows(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|it| it.eq_ignore_ascii_case(kind))
    }
}

impl HttpGrant {
    /// Whether a connection may be used.
    pub fn allows(&self, connection: &str) -> bool {
        self.connections.iter().any(|it| it == connection)
    }
}

impl ScmGrant {
    /// Whether a repository may be read. A `*` does not reach over a `/`; a pattern that
    /// is no glob matches nothing.
    pub fn allows(&self, repository: &str) -> bool {
        self.repositories
            .iter()
            .filter_map(|pattern| matcher(pattern))
            .any(|glob| glob.is_match(repository))
    }
}

fn matcher(pattern: &str) -> Option<GlobMatcher> {
    let mut glob = GlobBuilder::new(pattern);
    let glob = glob.literal_separator(true).case_insensitive(true).build();
    glob.ok().map(|it| it.compile_matcher())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_granted_by_default() {
        assert!(Grants::default().interfaces().is_empty());
        let grants: Grants = serde_json::from_str(r#"{"log": true, "http": {}}"#).unwrap();
        let interfaces = grants.interfaces();
        assert_eq!(interfaces, [Interface::Http, Interface::Log].into());
        assert!(!grants.http.unwrap().allows("cmdb"));
    }

    #[test]
    fn every_interface_has_its_name() {
        for interface in Interface::ALL {
            assert_eq!(Interface::from_name(interface.name()), Some(interface));
        }
    }

    #[test]
    fn a_star_stays_within_its_part() {
        let grant = ScmGrant {
            repositories: vec![
                "https://github.com/contoso/*".into(),
                "local:orders-*".into(),
            ],
            propose: false,
        };
        for repository in ["https://github.com/contoso/orders", "local:orders-api"] {
            assert!(grant.allows(repository), "{repository}");
        }
        for repository in [
            "https://github.com/contoso/a/b",
            "https://github.com/fabrikam/orders",
            "https://github.com.evil.example/contoso/orders",
            "local:billing",
        ] {
            assert!(!grant.allows(repository), "{repository}");
        }
    }
}
