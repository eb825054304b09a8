//! References: what is there, what they are at, and moving them.

use std::time::{Duration, SystemTime};

use super::{
    command::{Git, Invocation, failed, text},
    review::read_commit,
};
use crate::{Branch, Result, ScmError, names};

/// Moving a reference takes milliseconds; a lock this old is of a process that died.
const STALE_LOCK: Duration = Duration::from_mins(1);

/// The id that stands for "there is no such reference".
const NOTHING: &str = "0000000000000000000000000000000000000000";

impl Git {
    /// The branch that `HEAD` names.
    pub(super) async fn default_branch(&self) -> Result<String> {
        self.line(&["symbolic-ref", "--short", "HEAD"]).await
    }

    /// All branches, by name.
    pub(super) async fn branches(&self) -> Result<Vec<Branch>> {
        let format = "--format=%(refname:lstrip=2)%00%(objectname)%00%(authordate:unix)%00\
                      %(authorname)%00%(contents:subject)";
        let output = self.run(&["for-each-ref", format, "refs/heads"]).await?;
        let output = String::from_utf8_lossy(&output);
        let branches = output.lines().filter_map(|line| {
            let (name, tip) = line.split_once('\0')?;
            Some(Branch {
                name: name.to_owned(),
                tip: read_commit(tip)?,
            })
        });
        Ok(branches.collect())
    }

    /// The commit of a branch, tag or commit id; of the default branch when none.
    pub(super) async fn resolve(&self, reference: Option<&str>) -> Result<String> {
        let Some(reference) = reference else {
            return self.commit_of("HEAD").await?.ok_or_else(|| {
                ScmError::NotFound("the default branch of the repository".to_owned())
            });
        };
        names::check_branch(reference)?;
        let candidates = if is_commit(reference) {
            vec![reference.to_owned()]
        } else {
            vec![
                format!("refs/heads/{reference}"),
                format!("refs/tags/{reference}"),
            ]
        };
        for candidate in &candidates {
            if let Some(commit) = self.commit_of(candidate).await? {
                return Ok(commit);
            }
        }
        Err(ScmError::NotFound(format!("branch {reference}")))
    }

    /// The commit of a branch; `None` when there is no such branch.
    pub(super) async fn branch(&self, name: &str) -> Result<Option<String>> {
        self.commit_of(&format!("refs/heads/{name}")).await
    }

    async fn commit_of(&self, revision: &str) -> Result<Option<String>> {
        let revision = format!("{revision}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &revision,
        ];
        let output = self
            .output(Invocation {
                arguments: &arguments,
                ..Invocation::default()
            })
            .await?;
        match output.code {
            Some(0) => Ok(Some(text(&output.stdout))),
            Some(1 | 128) => Ok(None),
            _ => Err(failed(&arguments, &output.stderr)),
        }
    }

    /// Makes a branch. False when there is one of that name, or one that is a folder of it.
    pub(super) async fn create_branch(&self, name: &str, commit: &str) -> Result<bool> {
        self.move_branch(name, commit, NOTHING).await
    }

    /// Removes a branch. False when it is not at `commit` (any more).
    pub(super) async fn remove_branch(&self, name: &str, commit: &str) -> Result<bool> {
        self.move_branch(name, NOTHING, commit).await
    }

    /// Moves a branch from one commit to another. False when it is not at `from` (any more).
    ///
    /// Git finishes even when whoever asked goes away: one that is killed leaves its lock.
    pub(super) async fn move_branch(&self, name: &str, to: &str, from: &str) -> Result<bool> {
        self.remove_stale_locks(name);
        let git = self.clone();
        let [name, to, from] = [name, to, from].map(str::to_owned);
        let moving = tokio::spawn(async move {
            let reference = format!("refs/heads/{name}");
            let arguments = ["update-ref", &reference, &to, &from];
            let invocation = Invocation {
                arguments: &arguments,
                ..Invocation::default()
            };
            let output = git.output(invocation).await?;
            match output.code {
                Some(0) => Ok(true),
                _ if is_collision(&output.stderr) => Ok(false),
                _ if output.stderr.contains("File exists") => Err(ScmError::Unavailable(format!(
                    "the branch \"{name}\" is being changed by somebody else; try again in a moment"
                ))),
                _ => Err(failed(&arguments, &output.stderr)),
            }
        });
        moving
            .await
            .map_err(|error| ScmError::Unavailable(format!("git was interrupted: {error}")))?
    }

    /// Removes the locks that a process left on a branch when it was killed. `HEAD` is locked
    /// with the branch it names.
    fn remove_stale_locks(&self, name: &str) {
        for lock in [format!("refs/heads/{name}.lock"), "HEAD.lock".to_owned()] {
            let lock = self.folder().join(lock);
            let age = std::fs::metadata(&lock)
                .and_then(|lock| lock.modified())
                .ok()
                .and_then(|modified| SystemTime::now().duration_since(modified).ok());
            if age.is_some_and(|age| age > STALE_LOCK) {
                tracing::warn!(lock = %lock.display(), "removing the lock of a process that died");
                // Somebody else may have been quicker.
                let _ = std::fs::remove_file(&lock);
            }
        }
    }
}

/// Whether git refused to move a reference because it is not where it was expected.
fn is_collision(stderr: &str) -> bool {
    [
        "reference already exists",
        "but expected",
        "cannot create",
        "exists; cannot",
    ]
    .iter()
    .any(|text| stderr.contains(text))
}

fn is_commit(reference: &str) -> bool {
    reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}
