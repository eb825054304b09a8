//! The repositories that the credentials of the configuration reach.

use portico_integrations::{GitHubApi, github::GitHubCall};
use serde::Deserialize;

use super::{GitHub, address, client::unanswered, refusal::said};
use crate::{Repository, Result, ScmError};

/// Repositories of one answer.
const PAGE: usize = 100;
/// Answers for each credential: a list is for people, who search when there is more.
const MAX_PAGES: usize = 3;

#[derive(Deserialize)]
struct Listed {
    name: String,
    owner: Owner,
    default_branch: String,
}

#[derive(Deserialize)]
struct Owner {
    login: String,
}

/// An App's answer has them one level down.
#[derive(Deserialize)]
#[serde(untagged)]
enum Page {
    OfToken(Vec<Listed>),
    OfApp { repositories: Vec<Listed> },
}

impl GitHub {
    /// The first few hundred, by name.
    pub(super) async fn list(&self) -> Result<Vec<Repository>> {
        let mut found = Vec::new();
        for host in &self.integrations.hosts().github {
            let owners = self.integrations.github_app_owners(host);
            for owner in owners.await.map_err(unanswered)? {
                let api = self.integrations.github(host, &owner, &host.host);
                let api = api.await.map_err(unanswered)?;
                found.extend(read(&api, "installation/repositories").await?);
            }
            if host.token.is_some() {
                // No owner has this name, so that no App signs in for it.
                let api = self.integrations.github_by_token(host, &host.host);
                found.extend(read(&api, "user/repos").await?);
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found.dedup_by(|a, b| a.url == b.url);
        Ok(found)
    }
}

async fn read(api: &GitHubApi<'_>, path: &str) -> Result<Vec<Repository>> {
    let host = &api.integration().host;
    let mut found = Vec::new();
    for page in 1..=MAX_PAGES {
        let call = GitHubCall::get(path)
            .query("per_page", PAGE.to_string())
            .query("page", page.to_string());
        let answer = api.send(call).await.map_err(unanswered)?;
        if !answer.status.is_success() {
            return Err(ScmError::Refused(format!(
                "{host} does not list repositories for {}: {}",
                api.credential_key().unwrap_or_default(),
                said(&answer)
            )));
        }
        let listed = match answer.json(host).map_err(unanswered)? {
            Page::OfToken(listed)
            | Page::OfApp {
                repositories: listed,
            } => listed,
        };
        let is_last = listed.len() < PAGE;
        found.extend(listed.into_iter().map(|it| Repository {
            name: format!("{}/{}", it.owner.login, it.name),
            url: address::url(host, &it.owner.login, &it.name),
            default_branch: it.default_branch,
        }));
        if is_last {
            break;
        }
    }
    Ok(found)
}
