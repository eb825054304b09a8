//! What readers give before anybody asks for text.

use crate::text::decode;
use crate::{ReadError, ReadFile, ReadOutcome};

/// What reading a target gave, as bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RawOutcome {
    /// The fingerprint still holds.
    Unchanged,
    /// One file.
    File(RawFile),
    /// The files that a folder or a pattern stands for.
    Expanded {
        /// By target.
        found: Vec<Listed>,
        fingerprint: Option<String>,
    },
}

/// The bytes of one file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RawFile {
    pub(crate) content: Vec<u8>,
    pub(crate) fingerprint: Option<String>,
}

/// A file that was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) target: String,
    /// From the root of the repository, or of the machine.
    pub(crate) path: String,
    pub(crate) is_executable: bool,
    /// Its content is its own: it is no link, and no other repository.
    pub(crate) is_file: bool,
}

impl Listed {
    /// `mode` is git's; an empty one is that of a plain file.
    pub(crate) fn new(target: String, path: &str, mode: &str) -> Self {
        Self {
            target,
            path: path.to_owned(),
            is_executable: mode == "100755",
            is_file: !matches!(mode, "120000" | "160000"),
        }
    }
}

impl RawOutcome {
    pub(crate) fn expanded(
        found: impl Iterator<Item = Listed>,
        fingerprint: Option<String>,
    ) -> Self {
        let mut found: Vec<_> = found.collect();
        found.sort_unstable_by(|a, b| a.target.cmp(&b.target));
        Self::Expanded { found, fingerprint }
    }

    /// The same with text for bytes.
    pub(crate) fn decoded(self, target: &str) -> Result<ReadOutcome, ReadError> {
        Ok(match self {
            Self::Unchanged => ReadOutcome::Unchanged,
            Self::File(file) => ReadOutcome::File(ReadFile {
                text: decode(file.content, target)?,
                fingerprint: file.fingerprint,
            }),
            Self::Expanded { found, fingerprint } => ReadOutcome::Expanded {
                targets: found.into_iter().map(|it| it.target).collect(),
                fingerprint,
            },
        })
    }
}
