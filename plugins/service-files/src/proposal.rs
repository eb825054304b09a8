//! Reading a service's repository, and proposing a change to it.

use portico_plugin_sdk::{HostError, Result, bail, log, scm};
use schemars::JsonSchema;
use serde::Serialize;

/// The proposed change.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    /// Where people review it.
    pub url: String,
    /// Its number or name.
    pub id: String,
    /// The branch it is on.
    pub branch: String,
}

/// A file that has to be there.
pub fn read(repository: &str, path: &str) -> Result<String> {
    let Some(text) = scm::read_text(repository, path)? else {
        bail!(
            "The repository has no `{path}`. This action adds to an existing file: create one \
             first, or choose a repository that has one."
        );
    };
    Ok(text)
}

/// Proposes whole files. `what` is what has been proposed when the branch is there, such as
/// `a cache`.
pub fn propose(
    repository: &str,
    branch: &str,
    what: &str,
    title: &str,
    body: String,
    notes: &[String],
    files: Vec<(String, String)>,
) -> Result<Output> {
    for note in notes {
        log::info(note);
    }
    let notes: Vec<String> = notes.iter().map(|note| format!("- {note}")).collect();
    let body = format!("{body}\n\n{}\n", notes.join("\n"));
    let mut proposal = scm::Proposal::new(repository, branch, title).body(body);
    for (path, text) in files {
        proposal = proposal.write(path, text);
    }
    match scm::propose(proposal) {
        Ok(request) => Ok(Output {
            url: request.url,
            id: request.id,
            branch: branch.to_owned(),
        }),
        Err(HostError::Conflict(_)) => bail!(
            "The branch `{branch}` exists already: {what} has been proposed before. Merge or close \
             that change and delete its branch, then try again."
        ),
        Err(error) => Err(error.into()),
    }
}
