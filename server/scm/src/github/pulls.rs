//! Pull requests as change requests.

use portico_integrations::github::GitHubCall;
use portico_store::ChangeRequestState;
use serde::{Deserialize, Serialize};

use super::{GitHubClient, client::unanswered, read::millis};
use crate::{ChangeRequest, Result};

pub(super) const READ_PULLS: &str = "Pull requests: read";
/// Pull requests of one answer.
const PAGE: usize = 100;
/// Answers that are looked through.
const MAX_PAGES: usize = 10;
const REMARK: &str = "<!-- portico: ";
const REMARK_END: &str = " -->";

/// What a remark in the text of a pull request says, unseen by readers.
#[derive(Default, Deserialize, Serialize)]
pub(super) struct Remark {
    pub(super) author: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) via: Option<String>,
}

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
        let (body, remark) = split_remark(self.body.as_deref().unwrap_or_default());
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

/// A text with a remark at its end.
pub(super) fn with_remark(body: &str, remark: &Remark) -> String {
    let remark = serde_json::to_string(remark).unwrap_or_default();
    // Nothing in it ends the remark.
    let remark = remark.replace('>', "\\u003e");
    format!("{}\n\n{REMARK}{remark}{REMARK_END}", body.trim())
}

fn split_remark(body: &str) -> (String, Remark) {
    let parsed = || {
        let (text, remark) = body.trim_end().rsplit_once(REMARK)?;
        let remark = serde_json::from_str(remark.strip_suffix(REMARK_END)?).ok()?;
        Some((text.trim_end().to_owned(), remark))
    };
    parsed().unwrap_or_else(|| (body.to_owned(), Remark::default()))
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

    /// The newest pull request of a branch, in any state.
    pub(super) async fn pull_of(&self, branch: &str) -> Result<Option<Pull>> {
        let call = GitHubCall::get(self.path("/pulls"))
            .query("state", "all")
            .query("head", format!("{}:{branch}", self.owner()));
        let answer = self.call(call, READ_PULLS).await?;
        let pulls: Vec<Pull> = answer.json(&self.address.url()).map_err(unanswered)?;
        Ok(pulls.into_iter().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_kept_from_readers() {
        let remark = Remark {
            author: "user:default/ada".to_owned(),
            via: Some("a --> b".to_owned()),
        };
        let text = with_remark("Why\n", &remark);
        assert_eq!(text.matches("-->").count(), 1, "{text}");
        let (body, read) = split_remark(&text);
        assert_eq!(
            (body.as_str(), read.via.as_deref()),
            ("Why", Some("a --> b"))
        );
        assert_eq!(split_remark("of <!-- somebody").0, "of <!-- somebody");
    }
}
