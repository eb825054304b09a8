//! An action: adds an environment to a repository: Bicep, pipeline and catalog.

mod bicep;
mod catalog;
mod pipeline;
mod words;

use portico_plugin_sdk::{Action, Call, Result, bail, export, scm};
use portico_service_files::{Output, PATH, propose, read};
use schemars::JsonSchema;
use serde::Deserialize;

/// The descriptor of the repository.
const CATALOG: &str = "catalog-info.yaml";

/// Where pipelines are, GitHub's and Azure's.
const PIPELINES: [&str; 2] = [".github/workflows/build.yml", "azure-pipelines.yml"];

/// Which environment, and where it stands.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The repository, by its URL or as `local:NAME`.
    repository: String,
    /// The name of the new environment: lower-case letters and digits, such as `test`.
    #[schemars(regex(pattern = "^[a-z][a-z0-9]*$"), length(min = 2, max = 12))]
    environment: String,
    /// The environment that it is made like.
    #[serde(default = "dev")]
    like: String,
    /// The environment that is deployed after it.
    #[serde(default = "prod")]
    before: String,
}

struct AddEnvironment;

impl Action for AddEnvironment {
    type Input = Input;
    type Output = Output;

    fn run(input: Input, _call: Call) -> Result<Output> {
        let Input {
            repository,
            environment: new,
            like,
            before,
        } = &input;
        for name in [new, like, before] {
            let fine = name
                .bytes()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
            if !fine
                || !(2..=12).contains(&name.len())
                || name.starts_with(|it: char| it.is_ascii_digit())
            {
                bail!(
                    "`{name}` is no environment: write 2 to 12 lower-case letters and digits, such as `test`."
                );
            }
        }
        let mut notes = Vec::new();
        let mut files = Vec::new();
        let change = bicep::add(&read(repository, PATH)?, new, like)?;
        notes.extend(change.notes);
        files.push((PATH.to_owned(), change.text));
        for path in PIPELINES {
            let text = scm::read_text(repository, path)?;
            let added = text.and_then(|text| pipeline::add(&text, new, before));
            if let Some(text) = added {
                notes.push(format!("`{path}` deploys it before `{before}`."));
                files.push((path.to_owned(), text));
            }
        }
        if files.len() == 1 {
            notes.push(format!(
                "No pipeline was found that deploys `{before}`: deploy `{new}` by hand, or extend yours."
            ));
        }
        let text = scm::read_text(repository, CATALOG)?;
        match text.and_then(|text| catalog::add(&text, new, like)) {
            Some((text, names)) => {
                notes.push(format!("The catalog gets {}.", names.join(", ")));
                files.push((CATALOG.to_owned(), text));
            }
            None => notes.push(format!(
                "`{CATALOG}` has nothing of `{like}` to describe it like."
            )),
        }
        propose(
            repository,
            &format!("portico/add-environment-{new}"),
            "this environment",
            &format!("Add the environment {new}"),
            format!(
                "Adds the environment `{new}`, made like `{like}`.\n\nBefore it is merged, the \
                 pipeline needs an environment of that name with the variables of `{like}`."
            ),
            &notes,
            files,
        )
    }
}

fn dev() -> String {
    "dev".to_owned()
}

fn prod() -> String {
    "prod".to_owned()
}

export!(AddEnvironment as Action);

#[cfg(test)]
mod tests;
