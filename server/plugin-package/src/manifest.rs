//! The manifest: what a plugin is and what it asks for.

mod capability;
mod check;

use semver::Version;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use capability::{Access, Capabilities, Capability, CapabilityRequest};

use crate::{Icon, PluginId, section::MANIFEST_LIMIT};

/// What a plugin says of itself. One that has been read is valid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// Its name, the same in all versions.
    pub id: PluginId,
    /// Which of them this is. Build metadata (`+…`) is not allowed, because it has no order.
    pub version: Version,
    /// Who made it: the name the publisher's keys are kept under.
    pub publisher: String,
    /// What people see in lists.
    pub title: String,
    /// What it does, in a sentence or two.
    pub description: String,
    /// What it is shown with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<Icon>,
    /// Everything else people should know, in Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The world it is a component of.
    pub world: World,
    /// The version of the WIT package it was built against.
    pub wit: Version,
    /// What it asks for, and why.
    #[serde(default, skip_serializing_if = "Capabilities::is_empty")]
    pub capabilities: Capabilities,
    /// The JSON Schema of its configuration; none when there is nothing to configure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Value>,
    /// What an action takes and gives; only of a [`World::ScaffolderAction`], which needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<Interface>,
}

/// The worlds of the WIT package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::CatalogProvider,
        Self::ScaffolderAction,
        Self::ScorecardCheck,
    ];

    /// Its name in WIT.
    pub fn name(self) -> &'static str {
        match self {
            Self::CatalogProvider => "catalog-provider",
            Self::ScaffolderAction => "scaffolder-action",
            Self::ScorecardCheck => "scorecard-check",
        }
    }
}

/// The input and the output of an action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Interface {
    /// The JSON Schema of the input.
    pub input: Value,
    /// The JSON Schema of the output.
    pub output: Value,
    /// Inputs to try it with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

/// An input that shows what an action is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub title: String,
    /// Valid against the input's schema.
    pub input: Value,
}

/// Why a manifest is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// It is too large to look at.
    #[error("the manifest has {size} bytes; at most {MANIFEST_LIMIT} are allowed: shorten `docs`")]
    TooLarge {
        /// In bytes.
        size: usize,
    },
    /// It is not JSON, or not of this shape.
    #[error("`{field}` in the manifest cannot be read: {problem}")]
    Shape {
        /// Where, as `capabilities.http.reason`.
        field: String,
        /// What the reader of JSON says.
        problem: String,
    },
    /// A field says something that cannot be.
    #[error("`{field}` in the manifest {problem}: {fix}")]
    Field {
        /// Where, as `capabilities.http.reason`.
        field: String,
        /// What is wrong, as the rest of a sentence that begins with the field.
        problem: String,
        /// What to do about it.
        fix: String,
    },
}

impl Manifest {
    /// Reads a manifest from JSON and checks it.
    pub fn from_json(json: &[u8]) -> Result<Self, ManifestError> {
        if json.len() > MANIFEST_LIMIT {
            return Err(ManifestError::TooLarge { size: json.len() });
        }
        let reader = &mut serde_json::Deserializer::from_slice(json);
        let manifest: Self =
            serde_path_to_error::deserialize(reader).map_err(|error| ManifestError::Shape {
                field: error.path().to_string(),
                problem: error.into_inner().to_string(),
            })?;
        manifest.checked()
    }

    /// The manifest as JSON, within the limit that [`Manifest::from_json`] has.
    pub fn to_json(&self) -> Result<Vec<u8>, ManifestError> {
        let json = serde_json::to_vec(self).map_err(|error| ManifestError::Shape {
            field: ".".to_owned(),
            problem: error.to_string(),
        })?;
        if json.len() > MANIFEST_LIMIT {
            return Err(ManifestError::TooLarge { size: json.len() });
        }
        Ok(json)
    }

    /// The manifest with its icon made safe, when every field is right.
    pub fn checked(self) -> Result<Self, ManifestError> {
        check::check(self)
    }
}
