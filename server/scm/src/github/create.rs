//! New repositories with their first commit.
//!
//! GitHub makes repository and commit in many steps, and anything may stop in between. So that
//! the same call can go on: while it is half made, the description says so and for whom; and the
//! committer of the first commit has an address that no other call gives.

use portico_integrations::{Method, StatusCode, github::GitHubCall};
use portico_store::AuditEvent;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    GitHubClient,
    client::json as read_json,
    commit::{Change, NewCommit, WRITE},
    read::{READ, encode_path},
    refusal::said,
};
use crate::{
    NewRepository, Result, ScmError, Visibility,
    edits::{EXECUTABLE, PLAIN},
};

const ADMINISTER: &str = "Administration: write";
/// Commits that are looked through for ours.
const LOOKED_AT: &str = "100";

/// What a repository is known again by.
pub(super) struct Mark(String);

impl Mark {
    pub(super) fn new(new: &NewRepository) -> Self {
        let hash = |key: &String| hex::encode(&Sha256::digest(key)[..6]);
        Self(new.key.as_ref().map(hash).unwrap_or_default())
    }

    /// The description while it is half made.
    fn description(&self) -> String {
        format!("Portico is making this repository ({})", self.0)
    }

    /// The address of the committer.
    pub(super) fn committer(&self) -> String {
        format!("portico+{}@portico.invalid", self.0)
    }
}

impl GitHubClient<'_> {
    /// Makes a repository, or goes on where the same key stopped. Gives the commit, and whether
    /// anything was left to do.
    pub(super) async fn create(
        &self,
        new: &NewRepository,
        audit: &AuditEvent,
    ) -> Result<(String, bool)> {
        let mark = Mark::new(new);
        if let Some(there) = self.find_at("", "Metadata: read").await? {
            let description = there["description"].as_str();
            if new.key.is_none() || description != Some(&mark.description()) {
                return Ok((self.made_before(new, &mark).await?, false));
            }
        } else {
            self.make_repository(new, &mark, true).await?;
        }
        let commit = self.first_commit(new, &mark, audit).await?;
        self.set_up(new).await?;
        Ok((commit, true))
    }

    /// Makes a repository without files, or with a README of GitHub's; the branch and the files of
    /// `new` are not looked at. Its description says that it is half made, until
    /// [`GitHubClient::describe_as`]: until then the same key may ask again.
    pub async fn create_empty(&self, new: &NewRepository, with_readme: bool) -> Result<()> {
        let mark = Mark::new(new);
        match self.find_at("", "Metadata: read").await? {
            None => self.make_repository(new, &mark, with_readme).await,
            Some(there) if there["description"] == mark.description() => Ok(()),
            Some(_) => Err(self.taken()),
        }
    }

    /// Makes the repository; with GitHub's own first commit, for without one it takes no objects.
    async fn make_repository(
        &self,
        new: &NewRepository,
        mark: &Mark,
        with_commit: bool,
    ) -> Result<()> {
        let owner = self.find_owner().await?;
        let is_organization = owner["type"] == "Organization";
        if new.visibility == Visibility::Internal && !is_organization {
            return Err(ScmError::invalid(format!(
                "{} is a user, and only organisations have internal repositories; choose \
                 private or public",
                self.owner()
            )));
        }
        let mut body = json!({
            "name": self.name(),
            "description": mark.description(),
            "private": new.visibility != Visibility::Public,
            "auto_init": with_commit,
        });
        let path = if is_organization {
            body["visibility"] = new.visibility.as_str().into();
            format!("orgs/{}/repos", self.owner())
        } else {
            self.check_own_account().await?;
            "user/repos".to_owned()
        };
        let answer = self
            .ask(GitHubCall::new(Method::POST, path).json(&body))
            .await?;
        match answer.status {
            StatusCode::UNPROCESSABLE_ENTITY if said(&answer).contains("already exists") => {
                Err(self.taken())
            }
            status if status.is_success() => Ok(()),
            _ => Err(self.refused(&answer, ADMINISTER)),
        }
    }

    async fn find_owner(&self) -> Result<Value> {
        let answer = self
            .ask(GitHubCall::get(format!("users/{}", self.owner())))
            .await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Err(ScmError::NotFound(format!(
                "the user or organisation {} on {}",
                self.owner(),
                self.host()
            )));
        }
        if !answer.status.is_success() {
            return Err(self.refused(&answer, "Metadata: read"));
        }
        read_json(&answer)
    }

    /// GitHub makes repositories of users only for the user whose token it is.
    async fn check_own_account(&self) -> Result<()> {
        let user = read_json(
            &self
                .call(GitHubCall::get("user"), "a token of the user")
                .await?,
        )?;
        let login = user["login"].as_str().unwrap_or_default();
        if login.eq_ignore_ascii_case(self.owner()) {
            return Ok(());
        }
        Err(ScmError::Refused(format!(
            "{} is a user, and the token is of {login}: repositories of a user can be made with \
             a token of that user only; use an organisation, or such a token",
            self.owner()
        )))
    }

    /// The one commit, on the branch it is to be on.
    pub(super) async fn first_commit(
        &self,
        new: &NewRepository,
        mark: &Mark,
        audit: &AuditEvent,
    ) -> Result<String> {
        let there = self.branch(&new.branch).await?;
        if let Some(there) = &there {
            let commit = self.get(&format!("/git/commits/{there}"), READ).await?;
            if commit["committer"]["email"] == mark.committer() {
                return Ok(there.clone());
            }
        }
        let files: Vec<Change<'_>> = new
            .files
            .iter()
            .map(|it| {
                let mode = if it.is_executable { EXECUTABLE } else { PLAIN };
                (it.path.as_str(), Some((mode, it.content.as_slice())))
            })
            .collect();
        let tree = self.write_tree(None, &files).await?;
        let mut commit = NewCommit {
            tree: &tree,
            parents: &[],
            message: &new.message,
            author: new.author.as_ref(),
            committer: &mark.committer(),
        };
        let made = self.write_commit(&commit, audit).await?;
        let Some(there) = &there else {
            let body = json!({"ref": format!("refs/heads/{}", new.branch), "sha": made});
            self.post("/git/refs", &body, WRITE).await?;
            return Ok(made);
        };
        if self.move_branch(&new.branch, &made, true).await.is_ok() {
            return Ok(made);
        }
        // A rule of the organisation may forbid to replace GitHub's commit: ours follows it.
        let parents = [there.as_str()];
        commit.parents = &parents;
        let made = self.write_commit(&commit, audit).await?;
        self.move_branch(&new.branch, &made, false).await?;
        Ok(made)
    }

    async fn move_branch(&self, name: &str, commit: &str, force: bool) -> Result<()> {
        let path = format!("/git/refs/heads/{}", encode_path(name));
        let body = json!({"sha": commit, "force": force});
        self.patch(&path, &body, WRITE).await.map(|_| ())
    }

    /// Leaves one branch, and the description that was asked for: then it is whole.
    async fn set_up(&self, new: &NewRepository) -> Result<()> {
        self.keep_one_branch(&new.branch).await?;
        self.describe_as(new.description.as_deref().unwrap_or_default())
            .await
    }

    /// Says what the repository is for: it is not half made any more.
    pub async fn describe_as(&self, description: &str) -> Result<()> {
        let body = json!({"description": description});
        self.patch("", &body, ADMINISTER).await.map(|_| ())
    }

    pub(super) async fn keep_one_branch(&self, branch: &str) -> Result<()> {
        let body = json!({"default_branch": branch});
        self.patch("", &body, ADMINISTER).await?;
        let branches = self.get("/git/matching-refs/heads/", READ).await?;
        let wanted = format!("refs/heads/{branch}");
        for other in branches.as_array().into_iter().flatten() {
            let name = other["ref"].as_str().unwrap_or_default();
            if name != wanted && name.starts_with("refs/heads/") {
                let path = self.path(&format!("/git/{}", encode_path(name)));
                self.call(GitHubCall::new(Method::DELETE, path), WRITE)
                    .await?;
            }
        }
        Ok(())
    }

    /// The commit of a repository that the same key made.
    pub(super) async fn made_before(&self, new: &NewRepository, mark: &Mark) -> Result<String> {
        if new.key.is_none() {
            return Err(self.taken());
        }
        let call = GitHubCall::get(self.path("/commits")).query("per_page", LOOKED_AT);
        let answer = self.ask(call).await?;
        // An empty repository has none, and is not ours.
        let commits = match answer.status {
            StatusCode::CONFLICT => Value::Null,
            status if status.is_success() => read_json(&answer)?,
            _ => return Err(self.refused(&answer, READ)),
        };
        let mut commits = commits.as_array().into_iter().flatten();
        let ours = commits.find(|it| it["commit"]["committer"]["email"] == mark.committer());
        let ours = ours.and_then(|it| it["sha"].as_str().map(str::to_owned));
        ours.ok_or_else(|| self.taken())
    }

    pub(super) fn taken(&self) -> ScmError {
        let (owner, name, host) = (self.owner(), self.name(), self.host());
        ScmError::conflict(format!(
            "{owner} has a repository \"{name}\" on {host} already; choose another name"
        ))
    }
}
