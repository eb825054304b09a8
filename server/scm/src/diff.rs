//! What changes between two commits, file by file and line by line.

mod compute;
mod parse;

pub(crate) use compute::compare;
pub(crate) use parse::{parse, read_hunks};

/// What changes between two commits.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Diff {
    /// The files that differ, by path.
    pub files: Vec<FileDiff>,
    /// There are more files than are listed.
    pub truncated: bool,
}

/// What changes in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDiff {
    /// The path before; `None` for a new file.
    pub old_path: Option<String>,
    /// The path after; `None` for a removed file.
    pub new_path: Option<String>,
    /// What happens to it.
    pub change: ChangeKind,
    /// The content is not text; there are no hunks.
    pub binary: bool,
    /// Lines that come, in all: also those that are not in `hunks`.
    pub additions: u64,
    /// Lines that go, in all.
    pub deletions: u64,
    /// The places that differ.
    pub hunks: Vec<Hunk>,
    /// There is more than `hunks` shows.
    pub truncated: bool,
}

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Its content or mode changes.
    Modified,
    /// It goes.
    Removed,
    /// It gets another path, and perhaps a slightly different content.
    Renamed,
}

/// A place where a file differs, with a few lines around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The line it begins at before, from 1; 0 in a new file.
    pub old_start: u32,
    /// How many lines it spans before.
    pub old_lines: u32,
    /// The line it begins at after, from 1; 0 in a removed file.
    pub new_start: u32,
    /// How many lines it spans after.
    pub new_lines: u32,
    /// What git thinks it is in: a function, a section. May be empty.
    pub heading: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whether it comes, goes or stays.
    pub kind: LineKind,
    /// Its number before, from 1, if it is there before.
    pub old_number: Option<u32>,
    /// Its number after, from 1, if it is there after.
    pub new_number: Option<u32>,
    /// The text, without the line break.
    pub text: String,
}

/// Whether a line comes, goes or stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// It stays.
    Context,
    /// It comes.
    Added,
    /// It goes.
    Removed,
}

impl FileDiff {
    /// The path to show: the one after, unless the file goes.
    pub fn path(&self) -> &str {
        let path = self.new_path.as_deref().or(self.old_path.as_deref());
        path.unwrap_or_default()
    }
}
