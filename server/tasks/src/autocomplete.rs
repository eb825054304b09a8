//! What pickers of repositories and branches offer.

use portico_access::Principal;
use portico_config::Secret;
use serde::{Deserialize, Serialize};

use crate::{Result, Tasks, TasksError};

/// A question of a picker.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Autocomplete {
    /// What to sign in with in place of what the portal has. Kept nowhere.
    #[serde(default)]
    pub token: Option<String>,
    /// What is picked already.
    #[serde(default)]
    pub context: AutocompleteContext,
}

/// What is picked already, each where it applies.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AutocompleteContext {
    /// The host; of GitHub, `github.com` when none.
    #[serde(default)]
    pub host: Option<String>,
    /// The user or organisation.
    #[serde(default)]
    pub owner: Option<String>,
    /// The repository.
    #[serde(default)]
    pub repository: Option<String>,
}

/// An option of a picker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// What is picked.
    pub id: String,
    /// What is shown for it.
    pub title: String,
}

impl Tasks {
    /// What a host has: of `github`, `repositoriesWithOwner` (as `OWNER/NAME`), `repositories` of
    /// an owner, and `branches` of a repository.
    pub async fn autocomplete(
        &self,
        who: &Principal,
        provider: &str,
        resource: &str,
        question: &Autocomplete,
    ) -> Result<Vec<Suggestion>> {
        let Some(scm) = &self.0.scm else {
            return Err(TasksError::NotFound("source control".to_owned()));
        };
        if provider != "github" {
            return Err(TasksError::Input(format!(
                "\"{provider}\" is not a provider; there is github"
            )));
        }
        let context = &question.context;
        let host = context.host.as_deref().unwrap_or("github.com");
        let missing = |field: &str| {
            TasksError::Input(format!("context.{field} is missing: {resource} needs it"))
        };
        let needed = |value: &Option<String>, field| {
            let value = value.clone().filter(|it| !it.is_empty());
            value.ok_or_else(|| missing(field))
        };
        let names: Vec<String> = match resource {
            "repositoriesWithOwner" | "repositories" => {
                let owner = match resource {
                    "repositories" => format!("{}/", needed(&context.owner, "owner")?),
                    _ => String::new(),
                };
                let there = format!("https://{host}/");
                let found = scm.repositories(who).await?.into_iter();
                let found = found.filter(|it| it.url.starts_with(&there));
                found
                    .filter_map(|it| Some(it.name.strip_prefix(&owner)?.to_owned()))
                    .collect()
            }
            "branches" => {
                let owner = needed(&context.owner, "owner")?;
                let repository = needed(&context.repository, "repository")?;
                let scm = match &question.token {
                    Some(token) if !token.is_empty() => {
                        scm.with_token(&Secret::new(token.as_str()))
                    }
                    _ => scm.clone(),
                };
                let url = format!("https://{host}/{owner}/{repository}");
                let branches = scm.branches(who, &url).await?.into_iter();
                branches.map(|it| it.name).collect()
            }
            other => {
                return Err(TasksError::Input(format!(
                    "\"{other}\" cannot be picked; there are repositoriesWithOwner, repositories \
                     and branches"
                )));
            }
        };
        let suggestions = names.into_iter().map(|name| Suggestion {
            title: name.clone(),
            id: name,
        });
        Ok(suggestions.collect())
    }
}
