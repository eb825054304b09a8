//! Pull requests as change requests.

use portico_integrations::github::GitHubCall;
use portico_store::ChangeRequestState;
use serde::Deserialize;

use super::{GitHubClient, client::unanswered, read::millis};
use crate::{ChangeRequest, Result, remark::Remark};

pub(super) const READ_PULLS: &str = "Pull requests: read";
/// Pull requests of one answer.
const PAGE: usize = 100;
/// Answers that are looked through.
const MAX_PAGES: usize = 10;
/// Characters that the text of a pull request may have.
pub(super) const MAX_BODY: usize = 65_536;

#[derive(Deserialize)]
pub(super) struct Pull {
    pub(super) number: i64,
    html_url: String,
    title: String,
    body: Option<String>,
    pub(super) state: String,
    pub(super) merged_at: Option<String>,
    closed_at: Option<String>,
    created_at: String,
    merge_commit_sha: Option<String>,
    pub(super) head: End,
    base: End,
    user: Option<User>,
    merged_by: Option<User>,
    /// Not known while GitHub finds out, and not told in lists.
    pub(super) mergeable: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct End {
    #[serde(rename = "ref")]
    branch: String,
    pub(super) sha: String,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

impl Pull {
    pub(super) fn state(&self) -> ChangeRequestState {
        match (self.state.as_str(), &self.merged_at) {
            ("open", _) => ChangeRequestState::Open,
            (_, Some(_)) => ChangeRequestState::Merged,
            _ => ChangeRequestState::Closed,
        }
    }

    /// As others see it.
    pub(super) fn present(self, repository: String) -> ChangeRequest {
        let state = self.state();
        let (body, remark) = Remark::read(self.body.as_deref().unwrap_or_default());
        let login = |user: Option<User>| user.map(|it| it.login);
        let settled_at = self.merged_at.or(self.closed_at);
        ChangeRequest {
            repository,
            number: self.number,
            url: self.html_url,
            title: self.title,
            body,
            base: self.base.branch,
            branch: self.head.branch,
            head_commit: self.head.sha,
            author: match remark.author.as_str() {
                "" => login(self.user).unwrap_or_default(),
                _ => remark.author,
            },
            via: remark.via,
            state,
            created_at: millis(Some(&self.created_at)),
            settled_by: login(self.merged_by),
            settled_at: settled_at.as_deref().map(|at| millis(Some(at))),
            merge_commit: match state {
                ChangeRequestState::Merged => self.merge_commit_sha,
                _ => None,
            },
        }
    }
}

impl GitHubClient<'_> {
    pub(super) async fn pull(&self, number: i64) -> Result<Pull> {
        let call = GitHubCall::get(self.path(&format!("/pulls/{number}")));
        let answer = self.call(call, READ_PULLS).await?;
        answer.json(&self.address.url()).map_err(unanswered)
    }

    pub(super) async fn change_requests(
        &self,
        state: Option<ChangeRequestState>,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<ChangeRequest>, u64)> {
        let asked = match state {
            None => "all",
            Some(ChangeRequestState::Open) => "open",
            // What is merged is closed too, for GitHub.
            Some(_) => "closed",
        };
        let mut found = Vec::new();
        for page in 1..=MAX_PAGES {
            let pulls = self.pulls(asked, page).await?;
            let is_last = pulls.len() < PAGE;
            let wanted = |it: &Pull| state.is_none_or(|state| it.state() == state);
            found.extend(pulls.into_iter().filter(wanted));
            if is_last {
                break;
            }
        }
        let total = found.len() as u64;
        let page = found.into_iter().skip(offset).take(limit);
        let page = page.map(|pull| pull.present(self.address.url()));
        Ok((page.collect(), total))
    }

    async fn pulls(&self, state: &str, page: usize) -> Result<Vec<Pull>> {
        let call = GitHubCall::get(self.path("/pulls"))
            .query("state", state)
            .query("sort", "created")
            .query("direction", "desc")
            .query("per_page", PAGE.to_string())
            .query("page", page.to_string());
        let answer = self.call(call, READ_PULLS).await?;
        answer.json(&self.address.url()).map_err(unanswered)
    }

    /// The newest pull request of a branch of somebody's, in any state.
    pub(super) async fn pull_of(&self, owner: &str, branch: &str) -> Result<Option<Pull>> {
        let call = GitHubCall::get(self.path("/pulls"))
            .query("state", "all")
            .query("head", format!("{owner}:{branch}"));
        let answer = self.call(call, READ_PULLS).await?;
        let pulls: Vec<Pull> = answer.json(&self.address.url()).map_err(unanswered)?;
        Ok(pulls.into_iter().next())
    }
}
