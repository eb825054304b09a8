//! What answers of `/api/scm` are made of.

use portico_scm as scm;
use serde::Serialize;
use utoipa::ToSchema;

/// A repository.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Repository {
    /// Its name.
    #[schema(example = "orders-api")]
    name: String,
    /// What entities and plugins call it.
    #[schema(example = "local:orders-api")]
    url: String,
    /// The branch that changes are proposed for.
    #[schema(example = "main")]
    default_branch: String,
}

/// A proposed change.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeRequest {
    /// Number in its repository, from 1.
    #[schema(example = 1)]
    number: i64,
    /// Where people see it: a URL, or a path on this portal.
    #[schema(example = "/repositories/orders-api/change-requests/1")]
    url: String,
    /// One line.
    #[schema(example = "Add Azure Cache for Redis")]
    title: String,
    /// Markdown.
    body: String,
    /// The branch it is for.
    #[schema(example = "main")]
    base: String,
    /// The branch it is on.
    #[schema(example = "portico/add-redis")]
    branch: String,
    /// What is reviewed and merged.
    head_commit: String,
    /// Who proposed it.
    #[schema(example = "user:default/ada")]
    author: String,
    /// What made it for the author, if not the author themselves.
    via: Option<String>,
    /// `open`, `merged` or `closed`.
    #[schema(example = "open")]
    state: &'static str,
    /// When it was proposed, in milliseconds since 1970 (UTC).
    #[schema(example = 1_790_000_000_000_i64)]
    created_at: i64,
    /// Who merged or closed it.
    settled_by: Option<String>,
    /// When that was, in milliseconds since 1970 (UTC).
    settled_at: Option<i64>,
    /// The commit that brought it into the base branch.
    merge_commit: Option<String>,
}

/// A proposed change with what it changes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeRequestDetail {
    #[serde(flatten)]
    change_request: ChangeRequest,
    /// The commits of its branch, oldest first.
    commits: Vec<Commit>,
    /// What they change, by path.
    files: Vec<FileDiff>,
    /// There are more files than are listed.
    truncated: bool,
    /// Whether it can be merged now; null once it is merged or closed.
    mergeable: Option<bool>,
    /// The files that both sides changed in the same places.
    conflicts: Vec<String>,
}

/// A commit.
#[derive(Serialize, ToSchema)]
#[schema(as = RepositoryCommit)]
struct Commit {
    /// Its id.
    id: String,
    /// The first line of its message.
    title: String,
    /// Who made it.
    author: String,
    /// When, in milliseconds since 1970 (UTC).
    at: i64,
}

/// What changes in one file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FileDiff {
    /// The path before; null for a new file.
    old_path: Option<String>,
    /// The path after; null for a removed file.
    new_path: Option<String>,
    /// `added`, `modified`, `removed` or `renamed`.
    #[schema(example = "modified")]
    status: &'static str,
    /// The content is not text; there are no hunks.
    binary: bool,
    /// Lines that come, in all.
    additions: u64,
    /// Lines that go, in all.
    deletions: u64,
    /// The places that differ.
    hunks: Vec<Hunk>,
    /// There is more than `hunks` shows.
    truncated: bool,
}

/// A place where a file differs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiffHunk)]
struct Hunk {
    /// The line it begins at before, from 1; 0 in a new file.
    old_start: u32,
    /// How many lines it spans before.
    old_lines: u32,
    /// The line it begins at after, from 1; 0 in a removed file.
    new_start: u32,
    /// How many lines it spans after.
    new_lines: u32,
    /// What it is in: a function, a section. May be empty.
    heading: String,
    /// The lines.
    lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DiffLine)]
struct Line {
    /// `context`, `added` or `removed`.
    #[schema(example = "added")]
    kind: &'static str,
    /// Its number before.
    old_number: Option<u32>,
    /// Its number after.
    new_number: Option<u32>,
    /// The text, without the line break.
    text: String,
}

impl From<scm::Repository> for Repository {
    fn from(repository: scm::Repository) -> Self {
        Self {
            name: repository.name,
            url: repository.url,
            default_branch: repository.default_branch,
        }
    }
}

impl From<scm::ChangeRequest> for ChangeRequest {
    fn from(it: scm::ChangeRequest) -> Self {
        Self {
            number: it.number,
            url: it.url,
            title: it.title,
            body: it.body,
            base: it.base,
            branch: it.branch,
            head_commit: it.head_commit,
            author: it.author,
            via: it.via,
            state: it.state.as_str(),
            created_at: it.created_at,
            settled_by: it.settled_by,
            settled_at: it.settled_at,
            merge_commit: it.merge_commit,
        }
    }
}

impl From<scm::ChangeRequestDetail> for ChangeRequestDetail {
    fn from(detail: scm::ChangeRequestDetail) -> Self {
        let commits = detail.commits.into_iter().map(|commit| Commit {
            id: commit.id,
            title: commit.title,
            author: commit.author,
            at: commit.at,
        });
        let (mergeable, conflicts) = match detail.mergeability {
            None => (None, Vec::new()),
            Some(scm::Mergeability::Clean) => (Some(true), Vec::new()),
            Some(scm::Mergeability::Conflicts(files)) => (Some(false), files),
        };
        Self {
            change_request: detail.change_request.into(),
            commits: commits.collect(),
            files: detail.diff.files.into_iter().map(FileDiff::from).collect(),
            truncated: detail.diff.truncated,
            mergeable,
            conflicts,
        }
    }
}

impl From<scm::FileDiff> for FileDiff {
    fn from(file: scm::FileDiff) -> Self {
        Self {
            old_path: file.old_path,
            new_path: file.new_path,
            status: match file.change {
                scm::ChangeKind::Added => "added",
                scm::ChangeKind::Modified => "modified",
                scm::ChangeKind::Removed => "removed",
                scm::ChangeKind::Renamed => "renamed",
            },
            binary: file.binary,
            additions: file.additions,
            deletions: file.deletions,
            hunks: file.hunks.into_iter().map(Hunk::from).collect(),
            truncated: file.truncated,
        }
    }
}

impl From<scm::Hunk> for Hunk {
    fn from(hunk: scm::Hunk) -> Self {
        let lines = hunk.lines.into_iter().map(|line| Line {
            kind: match line.kind {
                scm::LineKind::Context => "context",
                scm::LineKind::Added => "added",
                scm::LineKind::Removed => "removed",
            },
            old_number: line.old_number,
            new_number: line.new_number,
            text: line.text,
        });
        Self {
            old_start: hunk.old_start,
            old_lines: hunk.old_lines,
            new_start: hunk.new_start,
            new_lines: hunk.new_lines,
            heading: hunk.heading,
            lines: lines.collect(),
        }
    }
}
