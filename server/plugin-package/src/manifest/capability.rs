//! What a plugin may ask for.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// The capabilities a plugin asks for.
pub type Capabilities = BTreeMap<Capability, CapabilityRequest>;

/// One host interface, by its name in WIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", try_from = "String")]
pub enum Capability {
    /// Lines in the log of a call.
    Log,
    /// The configuration the platform team gave.
    Config,
    /// Reading the catalog.
    Catalog,
    /// The working folder of a task.
    Workspace,
    /// The files beside an entity.
    Repository,
    /// Requests through connections.
    Http,
    /// Repositories: reading, and proposing changes.
    Scm,
    /// A little memory from one call to the next.
    State,
    /// What time it is.
    Clock,
    /// Numbers nobody can guess.
    Random,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Log,
        Self::Config,
        Self::Catalog,
        Self::Workspace,
        Self::Repository,
        Self::Http,
        Self::Scm,
        Self::State,
        Self::Clock,
        Self::Random,
    ];

    /// The name of its interface in WIT.
    pub fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Config => "config",
            Self::Catalog => "catalog",
            Self::Workspace => "workspace",
            Self::Repository => "repository",
            Self::Http => "http",
            Self::Scm => "scm",
            Self::State => "state",
            Self::Clock => "clock",
            Self::Random => "random",
        }
    }

    /// The capability whose interface has this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|capability| capability.name() == name)
    }

    /// Whether it can be asked for in two strengths: see [`Access`].
    pub fn has_access(self) -> bool {
        matches!(self, Self::Workspace | Self::Scm)
    }
}

// By way of a text, because an error then names the key of the map it is in.
impl TryFrom<String> for Capability {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::from_name(&name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!(
                "there is no capability `{}`: there are {names}",
                name.escape_debug()
            )
        })
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a capability is asked for, and how much of it.
///
/// What is left open is asked for in full: no `kinds` are all kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CapabilityRequest {
    /// For the people who decide: what it is needed for.
    pub reason: String,
    /// Of `workspace` and `scm`: whether it changes anything. Left out, it only reads.
    #[serde(default, skip_serializing_if = "Access::is_read")]
    pub access: Access,
    /// Of `catalog`: the kinds it reads, such as `component`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Of `scm`: globs over the names of the repositories it works on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<String>,
    /// Of `http`: the names of the connections it uses; none when its configuration names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<String>,
}

/// How strong a capability is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Nothing changes.
    #[default]
    Read,
    /// `workspace`: files are written too. `scm`: changes are proposed too.
    Write,
}

impl Access {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_read(&self) -> bool {
        *self == Self::Read
    }
}
