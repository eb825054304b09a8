//! Pull requests.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Answer, Call, Repository,
    git::{Commit, Tree},
    invalid, not_found, said,
};

#[derive(Clone, Debug)]
pub(crate) struct Pull {
    title: String,
    body: Value,
    base: String,
    head: String,
    draft: bool,
    state: &'static str,
    /// The commit of the base branch that it started from.
    from: String,
    /// Its newest commit once it is not open any more.
    last: Option<String>,
    merge: Option<String>,
}

impl Pull {
    /// As `owner:branch`; heads in forks are kept so.
    fn label(&self, owner: &str) -> String {
        match self.head.contains(':') {
            true => self.head.clone(),
            false => format!("{owner}:{}", self.head),
        }
    }

    fn branch(&self) -> &str {
        self.head.rsplit(':').next().unwrap_or_default()
    }
}

const AT: &str = "2026-02-03T04:05:06Z";

impl Repository {
    pub(crate) fn answer_pulls(
        &mut self,
        call: &Call<'_>,
        (host, owner): (&str, &str),
        below: &[&str],
    ) -> Answer {
        let at = below.first().and_then(|it| it.parse::<usize>().ok());
        if let Some(number) = at
            && !(1..=self.pulls.len()).contains(&number)
        {
            return not_found();
        }
        match (call.method, below) {
            ("GET", []) => {
                let wanted = call.query.get("state").map_or("open", String::as_str);
                let head = call.query.get("head");
                let page: usize = call
                    .query
                    .get("page")
                    .map_or(1, |it| it.parse().unwrap_or(1));
                let pulls = (1..=self.pulls.len()).rev().filter(|number| {
                    let pull = &self.pulls[number - 1];
                    let state = wanted == "all" || pull.state == wanted;
                    let label = pull.label(owner);
                    state && head.is_none_or(|head| *head == label)
                });
                let pulls = pulls.map(|number| self.describe_pull(number, host, owner));
                let pulls: Vec<Value> = pulls.skip((page - 1) * 100).take(100).collect();
                (StatusCode::OK, pulls.into())
            }
            ("POST", []) => self.open_pull(call, host, owner),
            ("GET", [_]) => {
                let number = at.unwrap_or_default();
                (StatusCode::OK, self.describe_pull(number, host, owner))
            }
            ("PATCH", [_]) => {
                let number = at.unwrap_or_default();
                let last = self.head(number);
                let pull = &mut self.pulls[number - 1];
                if call.body["state"] == "closed" {
                    pull.state = "closed";
                    pull.last = Some(last);
                }
                (StatusCode::OK, self.describe_pull(number, host, owner))
            }
            ("GET", [_, "commits"]) => {
                let number = at.unwrap_or_default();
                let history = self.git.history(&self.head(number)).into_iter();
                let from = self.pulls[number - 1].from.clone();
                let commits = history.take_while(|it| *it != from);
                let mut commits: Vec<Value> = commits
                    .map(|id| json!({"sha": id, "commit": self.git.describe(&id)}))
                    .collect();
                commits.reverse();
                (StatusCode::OK, commits.into())
            }
            ("GET", [_, "files"]) => (StatusCode::OK, self.pull_files(at.unwrap_or_default())),
            ("PUT", [_, "merge"]) => self.merge_pull(at.unwrap_or_default(), &call.body),
            ("POST", [number, "requested_reviewers"]) => {
                self.add(
                    format!("pulls/{number}/requested_reviewers"),
                    call.body.clone(),
                );
                (StatusCode::CREATED, json!({}))
            }
            _ => not_found(),
        }
    }

    fn open_pull(&mut self, call: &Call<'_>, host: &str, owner: &str) -> Answer {
        let text = |name: &str| call.body[name].as_str().unwrap_or_default().to_owned();
        let (head, base) = (text("head"), text("base"));
        let Some(from) = self.git.branches.get(&base).cloned() else {
            return invalid("base", "base is invalid");
        };
        let Some(tip) = self.git.branches.get(&head) else {
            return invalid("head", "head is invalid");
        };
        if *tip == from {
            return invalid("head", &format!("No commits between {base} and {head}"));
        }
        let mut open = self.pulls.iter().filter(|it| it.state == "open");
        if open.any(|it| it.head == head && it.base == base) {
            let said = format!("A pull request already exists for {owner}:{head}.");
            return invalid("head", &said);
        }
        self.pulls.push(Pull {
            title: text("title"),
            body: call.body["body"].clone(),
            draft: call.body["draft"] == true,
            state: "open",
            from,
            last: None,
            merge: None,
            base,
            head,
        });
        let number = self.pulls.len();
        (StatusCode::CREATED, self.describe_pull(number, host, owner))
    }

    fn head(&self, number: usize) -> String {
        let pull = &self.pulls[number - 1];
        let last = pull.last.clone();
        last.unwrap_or_else(|| self.git.branches[&pull.head].clone())
    }

    fn describe_pull(&self, number: usize, host: &str, owner: &str) -> Value {
        let pull = &self.pulls[number - 1];
        let name = self.settings["name"].as_str().unwrap_or_default();
        let merged = pull.merge.is_some();
        json!({
            "number": number, "title": pull.title, "body": pull.body, "state": pull.state,
            "draft": pull.draft, "created_at": AT, "closed_at": (pull.state == "closed").then_some(AT),
            "merged_at": merged.then_some(AT), "merge_commit_sha": pull.merge,
            "merged_by": merged.then(|| json!({"login": "portico[bot]"})),
            "user": {"login": "portico[bot]"},
            "head": {"ref": pull.branch(), "sha": self.head(number)},
            "base": {"ref": pull.base, "sha": pull.from},
            "mergeable": (pull.state == "open").then(|| self.conflicts(number).is_empty()),
            "html_url": format!("https://{host}/{owner}/{name}/pull/{number}"),
        })
    }

    /// The paths that changed on both sides.
    fn conflicts(&self, number: usize) -> Vec<String> {
        let pull = &self.pulls[number - 1];
        let (from, head) = (&pull.from, self.head(number));
        let tip = &self.git.branches[&pull.base];
        let changed = |to: &str| changes(self.git.tree_of(from), self.git.tree_of(to));
        let theirs = changed(tip);
        let ours = changed(&head).into_iter();
        ours.filter(|path| theirs.contains(path)).collect()
    }

    fn merge_pull(&mut self, number: usize, body: &Value) -> Answer {
        let head = self.head(number);
        let pull = self.pulls[number - 1].clone();
        if pull.state != "open" || !self.conflicts(number).is_empty() {
            let body = said("Pull Request is not mergeable");
            return (StatusCode::METHOD_NOT_ALLOWED, body);
        }
        if body["sha"].as_str().is_some_and(|sha| sha != head) {
            let body = said("Head branch was modified. Review and try the merge again.");
            return (StatusCode::CONFLICT, body);
        }
        let method = body["merge_method"].as_str().unwrap_or("merge");
        if self.settings[format!(
            "allow_{method}_{}",
            if method == "merge" { "commit" } else { "merge" }
        )] == false
        {
            let body = said("Merge commits are not allowed on this repository.");
            return (StatusCode::METHOD_NOT_ALLOWED, body);
        }
        let protection = self.kept.get(&format!("branches/{}/protection", pull.base));
        let reviews = protection.and_then(|it| it.last()).map(|it| {
            it["required_pull_request_reviews"]["required_approving_review_count"].clone()
        });
        if reviews.and_then(|it| it.as_i64()).unwrap_or(0) > 0 {
            let body =
                said("At least 1 approving review is required by reviewers with write access.");
            return (StatusCode::METHOD_NOT_ALLOWED, body);
        }
        let tip = self.git.branches[&pull.base].clone();
        let mut tree: Tree = self.git.tree_of(&tip).clone();
        let ours = self.git.tree_of(&head).clone();
        for path in changes(self.git.tree_of(&pull.from), &ours) {
            match ours.get(&path) {
                Some(entry) => tree.insert(path, entry.clone()),
                None => tree.remove(&path),
            };
        }
        let person = json!({"name": "portico[bot]", "email": "bot@contoso.example", "date": AT});
        let commit = Commit {
            tree: self.git.write_tree(tree),
            parents: if method == "merge" {
                vec![tip, head.clone()]
            } else {
                vec![tip]
            },
            message: format!("Merge pull request #{number}"),
            author: person.clone(),
            committer: person,
        };
        let commit = self.git.write_commit(commit);
        self.git.branches.insert(pull.base, commit.clone());
        let pull = &mut self.pulls[number - 1];
        pull.state = "closed";
        pull.last = Some(head);
        pull.merge = Some(commit.clone());
        (StatusCode::OK, json!({"sha": commit, "merged": true}))
    }

    fn pull_files(&self, number: usize) -> Value {
        let before = self.git.tree_of(&self.pulls[number - 1].from);
        let after = self.git.tree_of(&self.head(number)).clone();
        let files = changes(before, &after).into_iter().map(|path| {
            let lines = |tree: &Tree| -> Vec<String> {
                let object = tree.get(&path).map(|(_, object)| &self.git.blobs[object]);
                let text = String::from_utf8_lossy(object.map_or(&[], Vec::as_slice)).into_owned();
                text.lines().map(str::to_owned).collect()
            };
            let (old, new) = (lines(before), lines(&after));
            let status = match (before.contains_key(&path), after.contains_key(&path)) {
                (false, _) => "added",
                (_, false) => "removed",
                _ => "modified",
            };
            let mut patch = format!("@@ -1,{} +1,{} @@", old.len(), new.len());
            for (mark, lines) in [('-', &old), ('+', &new)] {
                for line in lines {
                    patch.push_str(&format!("\n{mark}{line}"));
                }
            }
            json!({
                "filename": path, "status": status, "additions": new.len(),
                "deletions": old.len(), "patch": patch,
            })
        });
        files.collect()
    }
}

/// The paths that differ.
fn changes(before: &Tree, after: &Tree) -> Vec<String> {
    let paths = before.keys().chain(after.keys());
    let mut changed: Vec<String> = paths
        .filter(|path| before.get(*path) != after.get(*path))
        .cloned()
        .collect();
    changed.sort();
    changed.dedup();
    changed
}
