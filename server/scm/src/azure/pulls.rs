//! Pull requests as change requests.

use portico_store::ChangeRequestState;
use serde::Deserialize;
use serde_json::Value;

use super::{
    client::{AzureClient, AzureScope, typed},
    read::{READ, millis},
};
use crate::{ChangeRequest, Result, remark::Remark};

/// Pull requests of one answer.
const PAGE: usize = 100;
/// Answers that are looked through.
const MAX_PAGES: usize = 10;
/// Characters that a description may have.
pub(super) const MAX_DESCRIPTION: usize = 4_000;

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pull {
    #[serde(rename = "pullRequestId")]
    pub(super) number: i64,
    title: String,
    #[serde(default)]
    description: Option<String>,
    source_ref_name: String,
    target_ref_name: String,
    pub(super) status: String,
    creation_date: String,
    #[serde(default)]
    closed_date: Option<String>,
    #[serde(default)]
    created_by: Value,
    #[serde(default)]
    closed_by: Value,
    /// `queued`, `conflicts`, `succeeded`, `rejectedByPolicy`, `failure`.
    #[serde(default)]
    pub(super) merge_status: Option<String>,
    #[serde(default)]
    pub(super) merge_failure_message: Option<String>,
    #[serde(default)]
    last_merge_source_commit: Value,
    #[serde(default)]
    last_merge_target_commit: Value,
    #[serde(default)]
    last_merge_commit: Value,
}

impl Pull {
    pub(super) fn state(&self) -> ChangeRequestState {
        match self.status.as_str() {
            "completed" => ChangeRequestState::Merged,
            "abandoned" => ChangeRequestState::Closed,
            _ => ChangeRequestState::Open,
        }
    }

    /// Whether the portal proposed it, and made its branch.
    pub(super) fn is_proposal(&self) -> bool {
        let text = self.description.as_deref().unwrap_or_default();
        !Remark::read(text).1.author.is_empty()
    }

    /// The newest commit of its branch.
    pub(super) fn head(&self) -> Option<&str> {
        self.last_merge_source_commit["commitId"].as_str()
    }

    /// The commit of the base branch that it was last merged with, for a try.
    pub(super) fn target(&self) -> Option<&str> {
        self.last_merge_target_commit["commitId"].as_str()
    }

    /// As others see it.
    pub(super) fn present(self, client: &AzureClient<'_>) -> ChangeRequest {
        let state = self.state();
        let (body, remark) = Remark::read(self.description.as_deref().unwrap_or_default());
        let person = |who: &Value| {
            let name = who["uniqueName"].as_str().or(who["displayName"].as_str());
            name.map(str::to_owned)
        };
        let branch = |name: &str| name.strip_prefix("refs/heads/").unwrap_or(name).to_owned();
        ChangeRequest {
            repository: client.url(),
            number: self.number,
            url: format!("{}/pullrequest/{}", client.url(), self.number),
            title: self.title.clone(),
            body,
            base: branch(&self.target_ref_name),
            branch: branch(&self.source_ref_name),
            head_commit: self.head().unwrap_or_default().to_owned(),
            author: match remark.author.as_str() {
                "" => person(&self.created_by).unwrap_or_default(),
                _ => remark.author,
            },
            via: remark.via,
            state,
            created_at: millis(Some(&self.creation_date)),
            settled_by: person(&self.closed_by),
            settled_at: self.closed_date.as_deref().map(|at| millis(Some(at))),
            merge_commit: match state {
                ChangeRequestState::Merged => self.last_merge_commit["commitId"]
                    .as_str()
                    .map(str::to_owned),
                _ => None,
            },
        }
    }
}

impl AzureClient<'_> {
    pub(super) async fn pull(&self, number: i64) -> Result<Pull> {
        let path = format!("/pullrequests/{number}");
        typed(self.get(AzureScope::Repository, &path, &[], READ).await?)
    }

    pub(super) async fn change_requests(
        &self,
        state: Option<ChangeRequestState>,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<ChangeRequest>, u64)> {
        let status = match state {
            None => "all",
            Some(ChangeRequestState::Open) => "active",
            Some(ChangeRequestState::Merged) => "completed",
            Some(ChangeRequestState::Closed) => "abandoned",
        };
        let mut found: Vec<Pull> = Vec::new();
        for page in 0..MAX_PAGES {
            let (top, skip) = (PAGE.to_string(), (page * PAGE).to_string());
            let query = [
                ("searchCriteria.status", status),
                ("$top", top.as_str()),
                ("$skip", skip.as_str()),
            ];
            let scope = AzureScope::Repository;
            let mut answer = self.get(scope, "/pullrequests", &query, READ).await?;
            let pulls: Vec<Pull> = typed(answer["value"].take())?;
            let is_last = pulls.len() < PAGE;
            found.extend(pulls);
            if is_last {
                break;
            }
        }
        found.sort_by_key(|pull| std::cmp::Reverse(pull.number));
        let total = found.len() as u64;
        let page = found.into_iter().skip(offset).take(limit);
        Ok((page.map(|pull| pull.present(self)).collect(), total))
    }
}
