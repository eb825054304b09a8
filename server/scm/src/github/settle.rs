//! Merging and closing pull requests.

use portico_integrations::{Method, StatusCode, github::GitHubCall};
use portico_store::{AuditEvent, ChangeRequestState};
use serde_json::json;

use super::{GitHubClient, commit::WRITE, pulls::Pull, refusal::said};
use crate::{ChangeRequest, Result, ScmError};

impl GitHubClient<'_> {
    /// Merges with a commit of its own, or in another way where the repository wants that.
    pub(super) async fn merge(&self, number: i64, audit: &AuditEvent) -> Result<ChangeRequest> {
        let pull = self.open_pull(number).await?;
        let info = self.info().await?;
        let method = match (info.allow_merge_commit, info.allow_squash_merge) {
            (true, _) => "merge",
            (false, true) => "squash",
            (false, false) => "rebase",
        };
        let path = self.path(&format!("/pulls/{number}/merge"));
        let body = json!({"merge_method": method, "sha": pull.head.sha});
        let answer = self
            .ask(GitHubCall::new(Method::PUT, path).json(&body))
            .await?;
        match answer.status {
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::CONFLICT => {
                Err(ScmError::conflict(format!(
                    "pull request {number} of {} cannot be merged: {}",
                    self.address.url(),
                    said(&answer)
                )))
            }
            status if status.is_success() => self.settled(number, audit).await,
            _ => Err(self.refused(&answer, WRITE)),
        }
    }

    pub(super) async fn close(&self, number: i64, audit: &AuditEvent) -> Result<ChangeRequest> {
        self.open_pull(number).await?;
        let body = json!({"state": "closed"});
        let needs = "Pull requests: write";
        self.patch(&format!("/pulls/{number}"), &body, needs)
            .await?;
        self.settled(number, audit).await
    }

    async fn open_pull(&self, number: i64) -> Result<Pull> {
        let pull = self.pull(number).await?;
        match pull.state() {
            ChangeRequestState::Open => Ok(pull),
            state => Err(ScmError::conflict(format!(
                "pull request {number} of {} is {} already",
                self.address.url(),
                state.as_str()
            ))),
        }
    }

    /// GitHub knows who signed in, the portal for whom that was.
    async fn settled(&self, number: i64, audit: &AuditEvent) -> Result<ChangeRequest> {
        let mut settled = self.pull(number).await?.present(self.address.url());
        settled.settled_by = Some(audit.principal.clone());
        Ok(settled)
    }
}
