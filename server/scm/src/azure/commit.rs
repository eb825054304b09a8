//! Pushing commits over the API.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_integrations::{Answer, Method};
use portico_store::AuditEvent;
use serde_json::{Value, json};

use super::{
    client::{AzureClient, AzureScope, json as read_json},
    edits::Change,
};
use crate::{Author, Result, ScmError};

pub(super) const WRITE: &str = "Code (Read & write)";
/// What Git knows no commit by.
pub(super) const NO_COMMIT: &str = "0000000000000000000000000000000000000000";
/// Bytes of the files of one push: they go in one request, a third larger.
const MAX_PUSH: usize = 20 << 20;

/// A commit to be, on a branch.
pub(super) struct NewCommit<'a> {
    pub(super) branch: &'a str,
    /// The commit that the branch is at, or begins at; [`NO_COMMIT`] in an empty repository.
    pub(super) parent: &'a str,
    pub(super) message: &'a str,
    /// Who it is by, if not the principal.
    pub(super) author: Option<&'a Author>,
    /// The committer's address, which says what made it.
    pub(super) committer: &'a str,
    pub(super) changes: Vec<(&'a str, Change<'a>)>,
}

impl AzureClient<'_> {
    /// Pushes a commit; the answer may be a refusal. Content goes as base64, so that every byte
    /// arrives as it is. The API knows no modes: new files cannot be run.
    pub(super) async fn push(&self, commit: &NewCommit<'_>, audit: &AuditEvent) -> Result<Answer> {
        let contents = commit.changes.iter().filter_map(|(_, it)| it.content());
        if contents.map(<[u8]>::len).sum::<usize>() > MAX_PUSH {
            return Err(ScmError::too_large(
                format!("what is pushed to {} over its API", self.host()),
                format!("{} MiB", MAX_PUSH >> 20),
            ));
        }
        let changes: Vec<Value> = commit
            .changes
            .iter()
            .map(|(path, change)| describe(path, change))
            .collect();
        let date = jiff::Timestamp::from_millisecond(audit.at).unwrap_or_default();
        let (name, address) = match commit.author {
            Some(author) => (author.name.as_str(), author.email.clone()),
            None => (audit.principal.as_str(), email(&audit.principal)),
        };
        let body = json!({
            "refUpdates": [{
                "name": format!("refs/heads/{}", commit.branch),
                "oldObjectId": commit.parent,
            }],
            "commits": [{
                "comment": commit.message,
                "author": {"name": name, "email": address, "date": date.to_string()},
                "committer": {
                    "name": "Portico", "email": commit.committer, "date": date.to_string(),
                },
                "changes": changes,
            }],
        });
        let place = ("/pushes", &[][..]);
        self.ask(Method::POST, AzureScope::Repository, place, Some(&body))
            .await
    }

    /// The commit that a push made, when it was taken.
    pub(super) fn pushed(&self, answer: Answer) -> Result<String> {
        let answer = read_json(&self.checked(answer, WRITE)?)?;
        let commit = answer["commits"][0]["commitId"].as_str();
        let commit = commit.or(answer["refUpdates"][0]["newObjectId"].as_str());
        commit.map(str::to_owned).ok_or_else(|| {
            ScmError::Unavailable(format!("{} did not say which commit it made", self.host()))
        })
    }
}

fn describe(path: &str, change: &Change<'_>) -> Value {
    let item = json!({"path": format!("/{path}")});
    let kind = match change {
        Change::Add(_) => "add",
        Change::Edit(_) => "edit",
        Change::Delete => "delete",
    };
    match change.content() {
        None => json!({"changeType": kind, "item": item}),
        Some(content) => json!({
            "changeType": kind,
            "item": item,
            "newContent": {"content": STANDARD.encode(content), "contentType": "base64encoded"},
        }),
    }
}

/// An address that reaches nobody.
fn email(author: &str) -> String {
    let plain = |char: char| match char.is_ascii_alphanumeric() || char == '.' {
        true => char,
        false => '-',
    };
    let name: String = author.chars().map(plain).collect();
    format!("{name}@portico.invalid")
}
