//! A fork to propose from, for those who may not write to a repository.

use std::time::Duration;

use portico_integrations::{Method, StatusCode, github::GitHubCall};
use serde_json::json;

use super::{Address, GitHubClient, client::json as read_json};
use crate::{Result, ScmError};

/// How often a new fork is looked at. GitHub says that it may take minutes for a large one.
const LOOKS: u32 = 30;
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

impl<'a> GitHubClient<'a> {
    /// The fork of whom the host sees; the one that is there, or a new one. It is ready: what the
    /// repository holds is found in it.
    pub(super) async fn fork(&self) -> Result<GitHubClient<'a>> {
        let newest = self.info().await?.default_branch;
        let newest = self.branch(&newest).await?;
        let call = GitHubCall::new(Method::POST, self.path("/forks"));
        let call = call.json(&json!({})).repeatable();
        let made = read_json(
            &self
                .call(call, "Administration: write, of the fork's owner")
                .await?,
        )?;
        let (Some(owner), Some(name)) = (made["owner"]["login"].as_str(), made["name"].as_str())
        else {
            let host = self.host();
            return Err(ScmError::Unavailable(format!("{host} made no fork")));
        };
        let fork = GitHubClient {
            api: self.api.clone(),
            address: Address {
                host: self.address.host,
                owner: owner.to_owned(),
                name: name.to_owned(),
            },
        };
        if let Some(commit) = newest {
            fork.wait_for(&commit).await?;
        }
        Ok(fork)
    }

    /// Waits until a commit is there. A repository that is being copied is not found, or answers
    /// that it is empty.
    async fn wait_for(&self, commit: &str) -> Result<()> {
        let mut wait = FIRST_WAIT;
        for _ in 0..LOOKS {
            let path = self.path(&format!("/git/commits/{commit}"));
            let answer = self.ask(GitHubCall::get(path)).await?;
            match answer.status {
                status if status.is_success() => return Ok(()),
                StatusCode::NOT_FOUND | StatusCode::CONFLICT => {}
                _ => return Err(self.refused(&answer, "Contents: read")),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        Err(ScmError::Unavailable(format!(
            "the fork {} is not ready after minutes; try again later",
            self.address.url()
        )))
    }
}
