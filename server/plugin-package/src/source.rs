//! `plugin.toml`: the manifest as authors write it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use semver::Version;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    Capabilities, Example, Icon, Interface, Manifest, ManifestError, PluginId, World, contract,
};

/// What is written in `plugin.toml`. Files are named relative to it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Source {
    id: PluginId,
    version: Version,
    publisher: String,
    title: String,
    description: String,
    /// The name of an icon, or of an `.svg` file.
    icon: Option<String>,
    /// A Markdown file.
    docs: Option<PathBuf>,
    world: World,
    #[serde(default)]
    capabilities: Capabilities,
    /// A JSON file with the JSON Schema of the configuration.
    configuration: Option<PathBuf>,
    /// A JSON file with the JSON Schemas of an action: `{"input": {…}, "output": {…}}`.
    interface: Option<PathBuf>,
    #[serde(default)]
    examples: Vec<Example>,
}

/// Why `plugin.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file is missing or unreadable.
    #[error("{} cannot be read: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is not TOML, or has other fields.
    #[error("{}: {error}", path.display())]
    Toml {
        /// Which file.
        path: PathBuf,
        /// What is wrong, with the line.
        error: Box<toml::de::Error>,
    },
    /// A file it names is not JSON.
    #[error("{}: {error}", path.display())]
    Json {
        /// Which file.
        path: PathBuf,
        /// What is wrong, with line and column.
        error: serde_json::Error,
    },
    /// What it says cannot be.
    #[error("{}: {error}", path.display())]
    Manifest {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        error: ManifestError,
    },
}

/// Reads `plugin.toml` in a folder, and the files it names.
pub fn read_source(folder: &Path) -> Result<Manifest, SourceError> {
    let path = folder.join("plugin.toml");
    let source: Source = toml::from_str(&text(&path)?).map_err(|error| SourceError::Toml {
        path: path.clone(),
        error: Box::new(error),
    })?;
    let json = |file: &Path| -> Result<Value, SourceError> {
        let path = folder.join(file);
        serde_json::from_str(&text(&path)?).map_err(|error| SourceError::Json { path, error })
    };
    let icon = match source.icon {
        Some(name) if Path::new(&name).extension().is_some_and(|end| end == "svg") => {
            Some(Icon::Svg(text(&folder.join(name))?))
        }
        Some(name) => Some(Icon::Name(name)),
        None => None,
    };
    let docs = match source.docs {
        Some(file) => text(&folder.join(file))?,
        None => String::new(),
    };
    let interface = match source.interface {
        Some(file) => {
            let mut schemas = json(&file)?;
            Some(Interface {
                input: schemas
                    .get_mut("input")
                    .map(Value::take)
                    .unwrap_or_default(),
                output: schemas
                    .get_mut("output")
                    .map(Value::take)
                    .unwrap_or_default(),
                examples: source.examples,
            })
        }
        None => None,
    };
    let manifest = Manifest {
        id: source.id,
        version: source.version,
        publisher: source.publisher,
        title: source.title,
        description: source.description,
        icon,
        docs,
        world: source.world,
        wit: contract::version().clone(),
        capabilities: source.capabilities,
        configuration: source.configuration.as_deref().map(json).transpose()?,
        interface,
    };
    manifest
        .checked()
        .map_err(|error| SourceError::Manifest { path, error })
}

fn text(path: &Path) -> Result<String, SourceError> {
    fs::read_to_string(path).map_err(|error| SourceError::File {
        path: path.to_owned(),
        error,
    })
}
