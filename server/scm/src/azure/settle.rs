//! Completing and abandoning pull requests.

use std::time::Duration;

use portico_integrations::{Method, StatusCode};
use portico_store::{AuditEvent, ChangeRequestState};
use serde_json::{Value, json};

use super::{client::AzureClient, client::AzureScope, commit::WRITE, pulls::Pull, refusal::said};
use crate::{ChangeRequest, Result, ScmError};

/// Azure DevOps merges in the background: how often, and how many times, it is asked.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
const LOOKS: usize = 60;

impl AzureClient<'_> {
    /// Merges with a commit of its own. Policies of the branch are not bypassed.
    pub(super) async fn merge(&self, number: i64, audit: &AuditEvent) -> Result<ChangeRequest> {
        let pull = self.open_pull(number).await?;
        if pull.merge_status.as_deref() == Some("conflicts") {
            return Err(self.unmergeable(&pull));
        }
        let body = json!({
            "status": "completed",
            "lastMergeSourceCommit": {"commitId": pull.head()},
            "completionOptions": {
                "mergeStrategy": "noFastForward",
                // The branch of a proposal is for nothing else.
                "deleteSourceBranch": pull.is_proposal(),
            },
        });
        self.update(number, &body).await?;
        for _ in 0..LOOKS {
            let pull = self.pull(number).await?;
            let failed = matches!(
                pull.merge_status.as_deref(),
                Some("conflicts" | "rejectedByPolicy" | "failure")
            );
            match pull.state() {
                ChangeRequestState::Merged => return Ok(self.settled(pull, audit)),
                ChangeRequestState::Open if failed => return Err(self.unmergeable(&pull)),
                _ => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
        Err(ScmError::Unavailable(format!(
            "{} has not merged pull request {number} of {} yet; look at it again in a while",
            self.host(),
            self.url()
        )))
    }

    pub(super) async fn close(&self, number: i64, audit: &AuditEvent) -> Result<ChangeRequest> {
        self.open_pull(number).await?;
        self.update(number, &json!({"status": "abandoned"})).await?;
        Ok(self.settled(self.pull(number).await?, audit))
    }

    async fn update(&self, number: i64, body: &Value) -> Result<()> {
        let path = format!("/pullrequests/{number}");
        let place = (path.as_str(), &[][..]);
        let scope = AzureScope::Repository;
        let answer = self.ask(Method::PATCH, scope, place, Some(body)).await?;
        let said = said(&answer);
        // Policies that are not satisfied, and a branch that moved, come as one of these.
        let is_in_the_way = matches!(
            answer.status,
            StatusCode::CONFLICT | StatusCode::BAD_REQUEST
        ) || said.contains("policies");
        if is_in_the_way {
            return Err(ScmError::conflict(format!(
                "pull request {number} of {} cannot be changed: {said}",
                self.url()
            )));
        }
        self.checked(answer, WRITE).map(|_| ())
    }

    async fn open_pull(&self, number: i64) -> Result<Pull> {
        let pull = self.pull(number).await?;
        match pull.state() {
            ChangeRequestState::Open => Ok(pull),
            state => Err(ScmError::conflict(format!(
                "pull request {number} of {} is {} already",
                self.url(),
                state.as_str()
            ))),
        }
    }

    fn unmergeable(&self, pull: &Pull) -> ScmError {
        let status = pull.merge_status.as_deref().unwrap_or_default();
        let why = match (status, pull.merge_failure_message.as_deref()) {
            (_, Some(message)) if !message.is_empty() => message,
            ("conflicts", _) => "both branches changed the same places",
            ("rejectedByPolicy", _) => "a policy of the branch is not satisfied",
            _ => "the host failed to merge it",
        };
        ScmError::conflict(format!(
            "pull request {} of {} cannot be merged: {why}",
            pull.number,
            self.url()
        ))
    }

    /// Azure DevOps knows who signed in, the portal for whom that was.
    fn settled(&self, pull: Pull, audit: &AuditEvent) -> ChangeRequest {
        let mut settled = pull.present(self);
        settled.settled_by = Some(audit.principal.clone());
        settled
    }
}
