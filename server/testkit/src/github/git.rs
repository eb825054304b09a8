//! Objects and branches of one repository.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

/// Mode and object by path.
pub(crate) type Tree = BTreeMap<String, (String, String)>;

#[derive(Clone, Debug)]
pub(crate) struct Commit {
    pub(crate) tree: String,
    pub(crate) parents: Vec<String>,
    pub(crate) message: String,
    pub(crate) author: Value,
    pub(crate) committer: Value,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Git {
    pub(crate) blobs: BTreeMap<String, Vec<u8>>,
    pub(crate) trees: BTreeMap<String, Tree>,
    pub(crate) commits: BTreeMap<String, Commit>,
    pub(crate) branches: BTreeMap<String, String>,
}

impl Git {
    pub(crate) fn write_blob(&mut self, content: &[u8]) -> String {
        let mut hash = Sha1::new();
        hash.update(format!("blob {}\0", content.len()));
        hash.update(content);
        let id = hex::encode(hash.finalize());
        self.blobs.insert(id.clone(), content.to_vec());
        id
    }

    pub(crate) fn write_tree(&mut self, tree: Tree) -> String {
        let id = hex::encode(Sha1::digest(format!("tree {tree:?}")));
        self.trees.insert(id.clone(), tree);
        id
    }

    pub(crate) fn write_commit(&mut self, commit: Commit) -> String {
        let id = hex::encode(Sha1::digest(format!("commit {commit:?}")));
        self.commits.insert(id.clone(), commit);
        id
    }

    /// Commits files on top of a branch, as somebody who pushes does.
    pub(crate) fn push<'a>(
        &mut self,
        branch: &str,
        files: impl Iterator<Item = (&'a str, &'a str, &'a [u8])>,
        message: &str,
    ) {
        let parent = self.branches.get(branch).cloned();
        let mut tree = match &parent {
            Some(parent) => self.trees[&self.commits[parent].tree].clone(),
            None => Tree::new(),
        };
        for (path, mode, content) in files {
            let object = self.write_blob(content);
            tree.insert(path.to_owned(), (mode.to_owned(), object));
        }
        let person = json!({"name": "Ada", "email": "ada@contoso.example",
            "date": "2026-01-02T03:04:05Z"});
        let commit = Commit {
            tree: self.write_tree(tree),
            parents: parent.into_iter().collect(),
            message: message.to_owned(),
            author: person.clone(),
            committer: person,
        };
        let commit = self.write_commit(commit);
        self.branches.insert(branch.to_owned(), commit);
    }

    pub(crate) fn tree_of(&self, commit: &str) -> &Tree {
        &self.trees[&self.commits[commit].tree]
    }

    /// A commit by branch or id.
    pub(crate) fn resolve(&self, reference: &str) -> Option<String> {
        let branch = self.branches.get(reference).cloned();
        branch.or_else(|| {
            let known = self.commits.contains_key(reference);
            known.then(|| reference.to_owned())
        })
    }

    pub(crate) fn history(&self, commit: &str) -> Vec<String> {
        let mut history = Vec::new();
        let mut next = Some(commit.to_owned());
        while let Some(id) = next {
            next = self.commits[&id].parents.first().cloned();
            history.push(id);
        }
        history
    }

    /// Whether a commit is part of the history of another, over every parent.
    pub(crate) fn is_ancestor(&self, commit: &str, of: &str) -> bool {
        commit == of
            || self.commits[of]
                .parents
                .iter()
                .any(|parent| self.is_ancestor(commit, parent))
    }

    pub(crate) fn messages(&self, branch: &str) -> Vec<String> {
        let history = self.history(&self.branches[branch]).into_iter();
        history
            .map(|id| self.commits[&id].message.clone())
            .collect()
    }

    pub(crate) fn files_of_branch(&self, branch: &str) -> BTreeMap<String, (Vec<u8>, String)> {
        let tree = self.tree_of(&self.branches[branch]).iter();
        tree.map(|(path, (mode, object))| {
            (path.clone(), (self.blobs[object].clone(), mode.clone()))
        })
        .collect()
    }

    pub(crate) fn describe(&self, id: &str) -> Value {
        let commit = &self.commits[id];
        let parents = commit.parents.iter().map(|it| json!({"sha": it}));
        json!({
            "sha": id, "message": commit.message, "tree": {"sha": commit.tree},
            "parents": parents.collect::<Vec<_>>(), "author": commit.author,
            "committer": commit.committer,
        })
    }

    /// A tree of a request: entries on top of a base.
    pub(crate) fn tree_from(&mut self, body: &Value) -> Result<String, String> {
        let mut tree = match body["base_tree"].as_str() {
            Some(base) => self
                .trees
                .get(base)
                .cloned()
                .ok_or("base_tree is not a tree")?,
            None => Tree::new(),
        };
        for entry in body["tree"].as_array().into_iter().flatten() {
            let path = entry["path"].as_str().ok_or("tree.path is missing")?;
            let mode = entry["mode"].as_str().ok_or("tree.mode is missing")?;
            if !matches!(mode, "100644" | "100755" | "040000" | "160000" | "120000") {
                return Err(format!("tree.mode {mode} is not one"));
            }
            if entry["content"].is_string() && entry["sha"].is_string() {
                return Err("Must supply either tree.sha or tree.content".to_owned());
            }
            let object = match (entry["content"].as_str(), entry["sha"].as_str()) {
                (Some(content), _) => self.write_blob(content.as_bytes()),
                (_, Some(sha)) if self.blobs.contains_key(sha) => sha.to_owned(),
                (_, Some(sha)) => return Err(format!("tree.sha {sha} is not an object")),
                _ if entry.get("sha").is_some() => {
                    tree.remove(path).ok_or("GitRPC::BadObjectState")?;
                    continue;
                }
                _ => return Err("Must supply either tree.sha or tree.content".to_owned()),
            };
            tree.insert(path.to_owned(), (mode.to_owned(), object));
        }
        Ok(self.write_tree(tree))
    }

    pub(crate) fn blob_from(&mut self, body: &Value) -> Option<String> {
        let text = body["content"].as_str()?;
        let content = match body["encoding"].as_str() {
            Some("base64") => STANDARD.decode(text).ok()?,
            _ => text.as_bytes().to_vec(),
        };
        Some(self.write_blob(&content))
    }
}
