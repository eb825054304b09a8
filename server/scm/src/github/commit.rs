//! Making trees and commits, of which no branch knows yet.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use portico_integrations::{Method, github::GitHubCall};
use portico_store::AuditEvent;
use serde_json::{Value, json};

use super::{GitHubClient, client::json as read_json};
use crate::{Author, Result, ScmError, edits::PLAIN, local};

/// Files of this size, in bytes, are sent on their own.
const MAX_INLINE: usize = 256 << 10;
/// Bytes of files that are sent with their tree: GitHub counts requests that make something, so
/// that a request for each file would soon be too many.
const MAX_INLINE_TOTAL: usize = 4 << 20;
/// Files that are sent at once.
const UPLOADS: usize = 4;

/// A file of a tree to be: its path, git's mode, and its content; nothing removes it.
pub(super) type Change<'a> = (&'a str, Option<(&'static str, &'a [u8])>);

/// A commit to be.
pub(super) struct NewCommit<'a> {
    pub(super) tree: &'a str,
    pub(super) parents: &'a [&'a str],
    pub(super) message: &'a str,
    pub(super) author: Option<&'a Author>,
    /// The address of the committer, by which the commit is known again.
    pub(super) committer: &'a str,
}

impl GitHubClient<'_> {
    /// The tree of `base` (of nothing, when none) with these changes.
    pub(super) async fn write_tree(
        &self,
        base: Option<&str>,
        changes: &[Change<'_>],
    ) -> Result<String> {
        let needs = permission(changes);
        let mut inline = 0;
        let mut entries = Vec::new();
        for (path, change) in changes {
            let text = change.and_then(|(_, content)| as_inline(content, &mut inline));
            entries.push(self.tree_entry(path, *change, text, needs));
        }
        let tree: Vec<Value> = stream::iter(entries)
            .buffered(UPLOADS)
            .try_collect()
            .await?;
        let mut body = json!({"tree": tree});
        if let Some(base) = base {
            body["base_tree"] = base.into();
        }
        self.make("trees", &body, needs).await
    }

    /// An entry of a tree, with its content sent before, when that is not text.
    async fn tree_entry(
        &self,
        path: &str,
        change: Option<(&'static str, &[u8])>,
        text: Option<&str>,
        needs: &str,
    ) -> Result<Value> {
        let entry = |mode: &str, key: &str, value: Value| json!({"path": path, "mode": mode, "type": "blob", key: value});
        Ok(match (change, text) {
            (None, _) => entry(PLAIN, "sha", Value::Null),
            (Some((mode, _)), Some(text)) => entry(mode, "content", text.into()),
            (Some((mode, content)), None) => {
                entry(mode, "sha", self.write_blob(content, needs).await?.into())
            }
        })
    }

    async fn write_blob(&self, content: &[u8], needs: &str) -> Result<String> {
        let body = json!({"content": STANDARD.encode(content), "encoding": "base64"});
        self.make("blobs", &body, needs).await
    }

    /// A commit of a tree. Moves no branch.
    pub(super) async fn write_commit(
        &self,
        commit: &NewCommit<'_>,
        audit: &AuditEvent,
    ) -> Result<String> {
        let at = jiff::Timestamp::from_millisecond(audit.at.max(0) / 1000 * 1000);
        let at = at.unwrap_or_default().to_string();
        let (name, email) = match commit.author {
            Some(author) => (author.name.as_str(), author.email.clone()),
            None => (audit.principal.as_str(), local::email(&audit.principal)),
        };
        let body = json!({
            "message": commit.message.trim(),
            "tree": commit.tree,
            "parents": commit.parents,
            "author": {"name": name, "email": email, "date": at},
            "committer": {"name": "Portico", "email": commit.committer, "date": at},
        });
        self.make("commits", &body, WRITE).await
    }

    /// Makes an object of git's, which is named by its content: twice does no harm.
    async fn make(&self, kind: &str, body: &Value, needs: &str) -> Result<String> {
        let path = self.path(&format!("/git/{kind}"));
        let call = GitHubCall::new(Method::POST, path).json(body).repeatable();
        let made = read_json(&self.call(call, needs).await?)?;
        let sha = made["sha"].as_str().map(str::to_owned);
        sha.ok_or_else(|| ScmError::Unavailable(format!("{} made no object", self.host())))
    }
}

pub(super) const WRITE: &str = "Contents: write";

/// The permission to write these files: those of workflows need one of their own.
fn permission(changes: &[Change<'_>]) -> &'static str {
    let mut paths = changes.iter().map(|(path, _)| path);
    if paths.any(|path| path.starts_with(".github/workflows/")) {
        "Contents: write and Workflows: write"
    } else {
        WRITE
    }
}

/// The content as text when it may be sent with its tree.
fn as_inline<'a>(content: &'a [u8], total: &mut usize) -> Option<&'a str> {
    let fits = (1..=MAX_INLINE).contains(&content.len()) && !content.contains(&0);
    if !fits || *total + content.len() > MAX_INLINE_TOTAL {
        return None;
    }
    let text = std::str::from_utf8(content).ok()?;
    *total += content.len();
    Some(text)
}
