//! A provider: turns .NET Aspire manifests into catalog entities.

mod manifest;

use portico_plugin_sdk::{
    Batch, Context as _, Position, Provider, Result, bail, config, export, http, scm,
};
use schemars::JsonSchema;
use serde::Deserialize;

use manifest::Manifest;

/// Which applications there are.
#[derive(Deserialize, JsonSchema)]
struct Config {
    /// One manifest each.
    applications: Vec<Application>,
}

/// An application, and where its manifest is: exactly one of `scm` and `http`.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Application {
    /// Its name, which the names of its entities begin with.
    pub(crate) name: String,
    /// Who owns its entities.
    pub(crate) owner: String,
    /// The system they are part of.
    pub(crate) system: Option<String>,
    /// The lifecycle of its components.
    #[serde(default = "production")]
    pub(crate) lifecycle: String,
    /// In a repository.
    scm: Option<ScmFile>,
    /// Behind a connection.
    http: Option<HttpFile>,
}

/// A file in a repository.
#[derive(Deserialize, JsonSchema)]
struct ScmFile {
    /// By its URL, or `local:NAME`.
    repository: String,
    /// Relative to the root of the repository.
    path: String,
}

/// A file behind a connection.
#[derive(Deserialize, JsonSchema)]
struct HttpFile {
    /// The name of the connection.
    connection: String,
    /// Appended to the connection's base URL.
    path: String,
}

struct AspireManifest;

impl Provider for AspireManifest {
    /// One application is one batch.
    fn read(position: Position) -> Result<Batch> {
        let config: Config = config::get()?;
        let index: usize = match position {
            Position::Next(next) => next.parse().context("the position is not one of ours")?,
            Position::Start | Position::Since(_) => 0,
        };
        let Some(application) = config.applications.get(index) else {
            return Ok(Batch::default());
        };
        let of = || format!("the application `{}`", application.name);
        let text = application.manifest().with_context(of)?;
        let manifest: Manifest = serde_json::from_str(&text)
            .context("the manifest is not one of .NET Aspire")
            .with_context(of)?;
        let batch = Batch::last(manifest.entities(application));
        let more = index + 1 < config.applications.len();
        Ok(if more {
            batch.then((index + 1).to_string())
        } else {
            batch
        })
    }
}

impl Application {
    fn manifest(&self) -> Result<String> {
        match (&self.scm, &self.http) {
            (Some(file), None) => {
                let text = scm::read_text(&file.repository, &file.path)?;
                text.with_context(|| format!("`{}` has no `{}`", file.repository, file.path))
            }
            (None, Some(file)) => Ok(http::get(&file.connection, &file.path)
                .send()?
                .success()?
                .text()),
            _ => bail!("its configuration needs either `scm` or `http`"),
        }
    }
}

fn production() -> String {
    "production".to_owned()
}

export!(AspireManifest as Provider);

#[cfg(test)]
mod tests;
