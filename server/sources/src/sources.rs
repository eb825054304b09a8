//! The one door to every kind of source.

use std::sync::Arc;

use portico_config::Config;

use crate::ReadError;

/// What reading a source gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadOutcome {
    /// The fingerprint still holds: nothing changed since.
    Unchanged,
    /// The text of one file.
    File(ReadFile),
    /// The target is a folder or a glob: the files it stands for now, each a source of its own.
    Expanded {
        /// Absolute targets of the same location type, sorted.
        targets: Vec<String>,
        /// Pass it to the next read.
        fingerprint: Option<String>,
    },
}

/// One file's text and the mark that says whether it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFile {
    /// The content, UTF-8.
    pub text: String,
    /// Pass it to the next read; `None` when the host gives nothing to go by.
    pub fingerprint: Option<String>,
}

/// A location: a type and an absolute target.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// `file`, `url` or `git`.
    pub kind: String,
    /// Absolute path or URL.
    pub target: String,
}

/// The content behind a `$text`, `$json` or `$yaml` placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceholderText {
    /// Where it was read: the refresh key is `kind:target`.
    pub location: Location,
    /// The content.
    pub text: String,
}

/// Reads catalog files where they live. Cheap to clone.
#[derive(Clone)]
pub struct Sources {
    _inner: Arc<()>,
}

impl Sources {
    /// Readers for the hosts that the configuration names.
    pub fn new(_config: &Config) -> Result<Self, ReadError> {
        Ok(Self { _inner: Arc::new(()) })
    }

    /// Reads a location. With the fingerprint of the last read, an unchanged source
    /// costs one cheap request and no content.
    pub async fn read(
        &self,
        _kind: &str,
        target: &str,
        _fingerprint: Option<&str>,
    ) -> Result<ReadOutcome, ReadError> {
        Err(ReadError::invalid(target, "not built yet"))
    }

    /// Reads what a placeholder in the file `base` refers to: a relative path or an
    /// absolute URL, in the same repository as `base`.
    pub async fn read_text(
        &self,
        base: &Location,
        reference: &str,
    ) -> Result<PlaceholderText, ReadError> {
        let _ = base;
        Err(ReadError::invalid(reference, "not built yet"))
    }

    /// The absolute location that a Location entity in the file `base` names:
    /// `kind` is its `spec.type`, `reference` one of its targets.
    pub fn resolve(
        &self,
        base: &Location,
        kind: Option<&str>,
        reference: &str,
    ) -> Result<Location, ReadError> {
        let _ = (base, kind);
        Err(ReadError::invalid(reference, "not built yet"))
    }

    /// Whether a person may register this location (as opposed to an operator
    /// writing it into the configuration): well-formed, and not a local file.
    pub fn check_registrable(&self, kind: &str, target: &str) -> Result<(), ReadError> {
        let _ = kind;
        Err(ReadError::invalid(target, "not built yet"))
    }

    /// The catalog files (`filename` in any folder) of the repository that a URL points into.
    pub async fn find_catalog_files(
        &self,
        repository_url: &str,
        filename: &str,
    ) -> Result<Vec<String>, ReadError> {
        let _ = filename;
        Err(ReadError::invalid(repository_url, "not built yet"))
    }

    /// The description that the host has for a repository.
    pub async fn repository_description(
        &self,
        repository_url: &str,
    ) -> Result<Option<String>, ReadError> {
        Err(ReadError::invalid(repository_url, "not built yet"))
    }
}
