//! The worlds a plugin can be made for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a plugin is: which world of `wit/portico-plugin-1` it fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum World {
    /// Brings entities into the catalog.
    CatalogProvider,
    /// One step of a template.
    ScaffolderAction,
    /// Judges entities.
    ScorecardCheck,
}

impl World {
    /// The name in the WIT package.
    pub fn name(self) -> &'static str {
        match self {
            Self::CatalogProvider => "catalog-provider",
            Self::ScaffolderAction => "scaffolder-action",
            Self::ScorecardCheck => "scorecard-check",
        }
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
