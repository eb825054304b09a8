//! The first files of a repository that is there.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_integrations::{StatusCode, github::GitHubCall};
use portico_store::AuditEvent;
use serde_json::{Value, json};

use super::{GitHubClient, client::json as read_json, commit::WRITE, create::Mark, read::READ};
use crate::{NewRepository, Result, ScmError};

/// What GitHub calls its own first commit.
const OF_GITHUB: &str = "Initial commit";

impl GitHubClient<'_> {
    /// Fills a repository that has no files, or only GitHub's own first commit, and gives the
    /// commit. The same key may ask again. What people have put there is a conflict.
    pub async fn push_first(&self, new: &NewRepository, audit: &AuditEvent) -> Result<String> {
        new.check()?;
        let mark = Mark::new(new);
        let call = GitHubCall::get(self.path("/commits")).query("per_page", "2");
        let answer = self.ask(call).await?;
        let commits = match answer.status {
            StatusCode::CONFLICT => Value::Null,
            status if status.is_success() => read_json(&answer)?,
            _ => return Err(self.refused(&answer, READ)),
        };
        match commits.as_array().map(Vec::as_slice).unwrap_or_default() {
            [] => self.begin(&new.branch).await?,
            [only] if only["commit"]["message"] == OF_GITHUB => {}
            _ => {
                return self
                    .made_before(new, &mark)
                    .await
                    .map_err(|error| match error {
                        ScmError::Conflict { .. } => ScmError::conflict(format!(
                            "{} has commits already; propose a change with \
                         publish:github:pull-request",
                            self.address.url()
                        )),
                        error => error,
                    });
            }
        }
        let commit = self.first_commit(new, &mark, audit).await?;
        self.keep_one_branch(&new.branch).await?;
        Ok(commit)
    }

    /// A commit that is replaced at once: an empty repository takes no objects.
    async fn begin(&self, branch: &str) -> Result<()> {
        let body = json!({
            "message": OF_GITHUB, "content": STANDARD.encode("\n"), "branch": branch,
        });
        self.put("/contents/README.md", &body, WRITE)
            .await
            .map(|_| ())
    }
}
