//! What somebody proposes.

use crate::{Author, Result, ScmError, names};

/// A change to propose.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Proposal {
    /// The branch it is for; the default branch when none.
    pub base: Option<String>,
    /// The branch to create; it may not exist.
    pub branch: String,
    /// One line: the title of the change request and of its commit.
    pub title: String,
    /// What it is about, in Markdown; may be empty.
    pub body: String,
    /// What changes; at least one, unless it may be empty.
    pub edits: Vec<Edit>,
    /// What makes the proposal for the principal, for example `plugin add-redis 1.2.0`.
    pub via: Option<String>,
    /// Who its commit is by, if not the principal.
    pub author: Option<Author>,
    /// The message of its commit, if not the title and the body.
    pub message: Option<String>,
    /// A branch that is there gets one more commit, on hosts that can; else it is in the way.
    pub may_update: bool,
    /// It is not yet to be merged, on hosts that know drafts.
    pub is_draft: bool,
    /// Where the branch is made.
    pub head: Head,
    /// A change of no file is proposed all the same, with a commit of nothing, on GitHub.
    pub may_be_empty: bool,
}

/// Where the branch of a proposal is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Head {
    /// In the repository itself.
    #[default]
    Repository,
    /// In a fork of whom the host sees, on GitHub; elsewhere in the repository.
    Fork,
}

/// One change of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Writes a whole file. One that is there keeps its mode.
    Write {
        /// From the root of the repository, with `/`.
        path: String,
        /// All of it.
        content: Vec<u8>,
    },
    /// Removes a file that is there.
    Remove {
        /// From the root of the repository, with `/`.
        path: String,
    },
}

impl Edit {
    /// The file it is about.
    pub fn path(&self) -> &str {
        match self {
            Self::Write { path, .. } | Self::Remove { path } => path,
        }
    }
}

/// Files that one proposal may touch.
const MAX_EDITS: usize = 500;
/// Content that one proposal may carry.
const MAX_BYTES: usize = 20 << 20;
const MAX_TITLE: usize = 200;
const MAX_BODY: usize = 64 << 10;

impl Proposal {
    /// What its commit says.
    pub(crate) fn commit_message(&self) -> String {
        match &self.message {
            Some(message) => message.trim().to_owned(),
            None => format!("{}\n\n{}", self.title.trim(), self.body.trim())
                .trim()
                .to_owned(),
        }
    }

    /// Refuses what no repository could take.
    pub(crate) fn check(&self) -> Result<()> {
        names::check_branch(&self.branch)?;
        if let Some(base) = &self.base {
            names::check_branch(base)?;
        }
        let title = self.title.trim();
        if title.is_empty() || title.len() > MAX_TITLE || title.contains(char::is_control) {
            return Err(ScmError::invalid(format!(
                "the title must be one line of 1 to {MAX_TITLE} bytes"
            )));
        }
        names::check_text("the body", &self.body, MAX_BODY)?;
        let message = self.message.as_deref().unwrap_or_default();
        names::check_text("the message", message, MAX_BODY)?;
        names::check_text("via", self.via.as_deref().unwrap_or_default(), MAX_TITLE)?;
        if self.edits.is_empty() && !self.may_be_empty {
            return Err(ScmError::invalid("a proposal needs at least one edit"));
        }
        if self.edits.len() > MAX_EDITS {
            return Err(ScmError::too_large(
                "the proposal",
                format!("{MAX_EDITS} files"),
            ));
        }
        let mut bytes = 0;
        for edit in &self.edits {
            names::check_path(edit.path())?;
            if let Edit::Write { path, content } = edit {
                if content.len() > names::MAX_FILE_BYTES {
                    return Err(ScmError::too_large(
                        format!("\"{path}\""),
                        format!("{} MiB", names::MAX_FILE_BYTES >> 20),
                    ));
                }
                bytes += content.len();
            }
        }
        if bytes > MAX_BYTES {
            return Err(ScmError::too_large(
                "the proposal",
                format!("{} MiB", MAX_BYTES >> 20),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal() -> Proposal {
        Proposal {
            branch: "b".to_owned(),
            title: "Title".to_owned(),
            edits: vec![Edit::Remove {
                path: "a.txt".to_owned(),
            }],
            ..Proposal::default()
        }
    }

    #[test]
    fn a_small_proposal_is_fine() {
        proposal().check().unwrap();
    }

    #[test]
    fn what_no_repository_takes_is_refused() {
        let refused = |change: &dyn Fn(&mut Proposal)| {
            let mut one = proposal();
            change(&mut one);
            one.check().unwrap_err().to_string()
        };
        assert!(refused(&|it| it.edits.clear()).contains("at least one edit"));
        assert!(refused(&|it| it.title = " ".to_owned()).contains("the title"));
        assert!(refused(&|it| it.title = "a\nb".to_owned()).contains("one line"));
        assert!(refused(&|it| it.body = "\u{1b}[31m".to_owned()).contains("the body"));
        assert!(refused(&|it| it.branch = "-x".to_owned()).contains("branch"));
        assert!(refused(&|it| it.base = Some("a..b".to_owned())).contains("branch"));
        let edit = proposal().edits[0].clone();
        assert!(refused(&|it| it.edits = vec![edit.clone(); MAX_EDITS + 1]).contains("500 files"));
        let write = |size: usize| Edit::Write {
            path: "big".to_owned(),
            content: vec![0; size],
        };
        assert!(refused(&|it| it.edits = vec![write(names::MAX_FILE_BYTES + 1)]).contains("5 MiB"));
        assert!(refused(&|it| it.edits = vec![write(5 << 20); 5]).contains("20 MiB"));
    }
}
