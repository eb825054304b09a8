//! An action: adds an Azure Cache for Redis to a repository's Bicep file.

mod bicep;
mod redis;

use portico_plugin_sdk::{Action, Call, HostError, Result, bail, export, log, scm};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The file that is changed.
const PATH: &str = "bicep/main.bicep";

/// The branch that is proposed.
const BRANCH: &str = "portico/add-redis";

/// Where to add a cache, and which.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The repository, by its URL or as `local:NAME`.
    repository: String,
    /// How it is run: `Basic` is one node without a promise, `Standard` has a replica.
    #[serde(default)]
    sku: Sku,
    /// The size, from 0 (250 MB) to 6 (53 GB).
    #[serde(default = "one")]
    #[schemars(range(min = 0, max = 6))]
    capacity: u8,
}

/// The families of Azure Cache for Redis that need no network of their own.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
enum Sku {
    /// One node.
    #[default]
    Basic,
    /// Two nodes.
    Standard,
}

/// The proposed change.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Output {
    /// Where people review it.
    url: String,
    /// Its number or name.
    id: String,
    /// The branch it is on.
    branch: String,
}

struct AddRedis;

impl Action for AddRedis {
    type Input = Input;
    type Output = Output;

    fn run(input: Input, _call: Call) -> Result<Output> {
        let Input {
            repository,
            sku,
            capacity,
        } = input;
        if capacity > 6 {
            bail!("A capacity of {capacity} does not exist: choose one from 0 to 6.");
        }
        let Some(text) = scm::read_text(&repository, PATH)? else {
            bail!(
                "The repository has no `{PATH}`. This action adds to an existing Bicep file: \
                 create one first, or choose a repository that has one."
            );
        };
        let change = redis::add(&text, sku.name(), capacity)?;
        for line in &change.notes {
            log::info(line);
        }
        let notes: Vec<String> = change
            .notes
            .iter()
            .map(|note| format!("- {note}"))
            .collect();
        let proposal = scm::Proposal::new(&repository, BRANCH, "Add an Azure Cache for Redis")
            .body(format!(
                "Adds a {} C{capacity} cache to `{PATH}`.\n\n{}\n",
                sku.name(),
                notes.join("\n")
            ))
            .write(PATH, change.text);
        match scm::propose(proposal) {
            Ok(request) => Ok(Output {
                url: request.url,
                id: request.id,
                branch: BRANCH.to_owned(),
            }),
            Err(HostError::Conflict(_)) => bail!(
                "The branch `{BRANCH}` exists already: a cache has been proposed before. Merge or \
                 close that change and delete its branch, then try again."
            ),
            Err(error) => Err(error.into()),
        }
    }
}

impl Sku {
    fn name(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Standard => "Standard",
        }
    }
}

fn one() -> u8 {
    1
}

export!(AddRedis as Action);

#[cfg(test)]
mod tests;
