//! An action: finds out what a repository is written in, and what it has already.

mod detect;
mod versions;

use portico_plugin_sdk::{Action, Call, Result, bail, export, log, scm};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where to look.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The repository, by its URL or as `local:NAME`.
    repository: String,
}

/// What was found.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Output {
    /// What it is written in.
    stack: Stack,
    /// What builds it: `dotnet`, `maven`, `gradle`, `npm`, `pnpm`, `yarn`, `pip`, `poetry`, `uv` or `go`.
    tool: &'static str,
    /// The version of the language that it asks for; the usual one when it asks for none.
    version: String,
    /// The folder that the project is in; `.` for the root.
    folder: String,
    /// The file that says so.
    evidence: String,
    /// The last part of the repository's address.
    name: String,
    /// Whether there is a Dockerfile beside it.
    has_dockerfile: bool,
    /// Whether there is a `catalog-info.yaml` in the root.
    has_catalog_info: bool,
    /// Pipelines that are there already, by path.
    pipelines: Vec<String>,
}

/// What a repository is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Stack {
    /// .NET: C#, F#, Visual Basic.
    Dotnet,
    /// Java or Kotlin, with Maven or Gradle.
    Java,
    /// Node.js: JavaScript or TypeScript.
    Node,
    /// Python.
    Python,
    /// Go.
    Go,
}

struct DetectStack;

impl Action for DetectStack {
    type Input = Input;
    type Output = Output;

    fn run(input: Input, _call: Call) -> Result<Output> {
        let repository = &input.repository;
        let Some(found) = detect::project(repository)? else {
            bail!(
                "No project was found in {repository}. It looks for {}.",
                detect::MARKERS.map(|it| it.glob).join(", ")
            );
        };
        let version = versions::version(repository, &found)?;
        let there = |path: String| scm::read(repository, &path).map(|it| it.is_some());
        let mut pipelines = Vec::new();
        for glob in [
            ".github/workflows/*.{yml,yaml}",
            "azure-pipelines*.{yml,yaml}",
        ] {
            pipelines.extend(scm::find(repository, glob)?);
        }
        log::info(format!(
            "{} says {:?} {version}",
            found.evidence, found.marker.stack
        ));
        Ok(Output {
            stack: found.marker.stack,
            tool: found.tool,
            version,
            has_dockerfile: there(found.beside("Dockerfile"))?,
            has_catalog_info: there("catalog-info.yaml".to_owned())?,
            folder: found.folder,
            evidence: found.evidence,
            name: name(repository),
            pipelines,
        })
    }
}

/// The last part of a repository's address.
fn name(repository: &str) -> String {
    let path = repository.trim_end_matches('/').trim_end_matches(".git");
    path.rsplit(['/', ':']).next().unwrap_or(path).to_owned()
}

export!(DetectStack as Action);

#[cfg(test)]
mod tests;
