//! An action: changes owner or lifecycle in a repository's `catalog-info.yaml`, and keeps the
//! rest of the file as it is written.

mod info;
mod owner;

use portico_plugin_sdk::{Action, Call, Result, bail, export, scm};
use portico_service_files::{Output, PATH, propose, read};
use schemars::JsonSchema;
use serde::Deserialize;

/// The descriptor of the repository.
const CATALOG: &str = "catalog-info.yaml";

/// Where people who review changes are named.
const CODEOWNERS: [&str; 3] = ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"];

/// What changes of which component.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The repository, by its URL or as `local:NAME`.
    repository: String,
    /// The name of the component.
    component: String,
    /// The group that owns it from now on, such as `group:default/orders`. Whatever else in the
    /// file had the same owner goes along.
    #[serde(default)]
    owner: Option<String>,
    /// Its lifecycle from now on, such as `deprecated`. Its APIs in the file go along.
    #[serde(default)]
    lifecycle: Option<String>,
    /// Why, for those who review it.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    reason: Option<String>,
}

struct EditInfo;

impl Action for EditInfo {
    type Input = Input;
    type Output = Output;

    fn run(input: Input, _call: Call) -> Result<Output> {
        let repository = &input.repository;
        let component = &input.component;
        let text = read(repository, CATALOG)?;
        let mut files = Vec::new();
        let (change, branch, title, body) = match (&input.owner, &input.lifecycle) {
            (Some(owner), None) => {
                let slug = owner::check(owner)?;
                let change = info::set_owner(&text, component, owner)?;
                files.extend(owner::elsewhere(repository, &change.old, owner)?);
                let body = format!("`{owner}` owns `{component}` from now on.");
                let title = format!("Hand {component} over to {slug}");
                (change, format!("portico/owner-{slug}"), title, body)
            }
            (None, Some(lifecycle)) => {
                info::check_word("a lifecycle", lifecycle)?;
                let change = info::set_lifecycle(&text, component, lifecycle)?;
                let body = format!("`{component}` is `{lifecycle}` from now on.");
                let title = format!("{component} is {lifecycle}");
                (
                    change,
                    format!("portico/lifecycle-{lifecycle}"),
                    title,
                    body,
                )
            }
            _ => bail!("Say either which `owner` or which `lifecycle` it gets."),
        };
        let mut notes = change.notes;
        notes.extend(
            files
                .iter()
                .map(|(path, _)| format!("`{path}` says so, too.")),
        );
        files.insert(0, (CATALOG.to_owned(), change.text));
        let reason = input
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|it| !it.is_empty());
        let body = reason.map_or(body.clone(), |reason| format!("{body}\n\n{reason}"));
        propose(repository, &branch, "this", &title, body, &notes, files)
    }
}

export!(EditInfo as Action);

#[cfg(test)]
mod tests;
