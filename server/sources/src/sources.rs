//! The one door to every kind of source.

use std::path::PathBuf;
use std::sync::Arc;

use portico_config::Config;
use portico_integrations::Integrations;

use crate::raw::RawOutcome;
use crate::readers::Readers;
use crate::target::{FilePattern, GitTarget, Target};
use crate::text::decode;
use crate::{ReadError, file};

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

impl Location {
    /// The location that a pasted text means: an address, a place in a git repository, or a
    /// path.
    pub fn of(text: &str) -> Self {
        let target = text.trim();
        let kind = if GitTarget::looks_like(target) {
            "git"
        } else if target.contains("://") {
            "url"
        } else {
            "file"
        };
        Self {
            kind: kind.to_owned(),
            target: target.to_owned(),
        }
    }
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
    pub(crate) readers: Arc<Readers>,
}

impl Sources {
    /// Readers for the hosts that the configuration names. Nothing is read yet.
    pub fn new(config: &Config) -> Result<Self, ReadError> {
        Ok(Self {
            readers: Arc::new(Readers::new(config)?),
        })
    }

    /// Says where the repositories are that Portico keeps itself (`local:NAME`): an absolute
    /// folder with a `NAME.git` for each. Without it they cannot be read. Only the first call
    /// counts.
    #[must_use]
    pub fn with_repositories(self, folder: PathBuf) -> Self {
        let _ = self.readers.repositories.set(folder);
        self
    }

    /// The hosts that are read from, for others who talk to them: one client, and one view of
    /// their rate limits.
    pub fn integrations(&self) -> &Integrations {
        &self.readers.integrations
    }

    /// Reads a location. With the fingerprint of the last read, an unchanged source
    /// costs one cheap request and no content.
    pub async fn read(
        &self,
        kind: &str,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<ReadOutcome, ReadError> {
        let at = Target::parse(kind, target, self.readers.hosts())?;
        let outcome = self.readers.read(&at, target, fingerprint).await?;
        outcome.decoded(target)
    }

    /// Reads what a placeholder in the file `base` refers to: a relative path or an
    /// absolute URL, in the same repository as `base`.
    pub async fn read_text(
        &self,
        base: &Location,
        reference: &str,
    ) -> Result<PlaceholderText, ReadError> {
        let location = self.resolve(base, None, reference)?;
        let from = Target::parse(&base.kind, &base.target, self.readers.hosts())?;
        let to = Target::parse(&location.kind, &location.target, self.readers.hosts())?;
        if to.is_repository() && !matches!(from, Target::File(_)) && !to.same_repository(&from) {
            return Err(ReadError::denied(
                &location.target,
                "a placeholder reads files of its entity's own repository only; move the file there",
            ));
        }
        let text = match (&from, &to) {
            (Target::File(base), Target::File(path)) => {
                file::read_inside(base, path, &self.readers.roots).await?
            }
            _ => match self.readers.read_file(&to, &location.target, None).await? {
                RawOutcome::File(file) => decode(file.content, &location.target)?,
                RawOutcome::Unchanged | RawOutcome::Expanded { .. } => {
                    let reason = "a placeholder names one file, not a folder or a pattern";
                    return Err(ReadError::invalid(&location.target, reason));
                }
            },
        };
        Ok(PlaceholderText { location, text })
    }

    /// The absolute location that a Location entity in the file `base` names:
    /// `kind` is its `spec.type`, `reference` one of its targets.
    pub fn resolve(
        &self,
        base: &Location,
        kind: Option<&str>,
        reference: &str,
    ) -> Result<Location, ReadError> {
        let from_file = base.kind == "file";
        let is_address = reference.contains("://") || GitTarget::looks_like(reference);
        let kind = match kind.unwrap_or(&base.kind) {
            // A repository's files name each other the same way wherever they are read from.
            "file" if !from_file && !is_address && !reference.starts_with('/') => &base.kind,
            "file" if from_file && is_address => "url",
            kind => kind,
        };
        let target = if is_address {
            reference.to_owned()
        } else if (kind == "file") == from_file {
            Target::parse(&base.kind, &base.target, self.readers.hosts())?.join(reference)?
        } else if kind == "file" {
            reference.to_owned()
        } else {
            let reason = format!("a {kind} target in a local file is a complete address");
            return Err(ReadError::invalid(reference, reason));
        };
        if !from_file && self.is_local(kind, &target)? {
            return Err(ReadError::denied(
                &target,
                "only the configuration and local files may name files of the server",
            ));
        }
        Ok(Location {
            kind: kind.to_owned(),
            target,
        })
    }

    /// Whether a person may register this location (as opposed to an operator
    /// writing it into the configuration): well-formed, and not a local file.
    pub fn check_registrable(&self, kind: &str, target: &str) -> Result<(), ReadError> {
        if self.is_local(kind, target)? {
            return Err(ReadError::denied(
                target,
                "files of the server are added by an operator, in catalog.locations",
            ));
        }
        Ok(())
    }

    /// The catalog files (`filename` in any folder) of the repository that a URL points into.
    pub async fn find_catalog_files(
        &self,
        repository_url: &str,
        filename: &str,
    ) -> Result<Vec<String>, ReadError> {
        let at = Target::parse("url", repository_url, self.readers.hosts())?;
        let pattern = FilePattern::new(&format!("**/{}", globset::escape(filename)))?;
        let repository = at.is_repository() && !matches!(&at, Target::Git(git) if git.is_local());
        if !repository {
            return Err(ReadError::invalid(
                repository_url,
                "it is not a repository; write the address of one on GitHub, Azure DevOps or git+https://…",
            ));
        }
        match self
            .readers
            .expand(&at, &pattern, repository_url, None)
            .await?
        {
            RawOutcome::Expanded { found, .. } => {
                Ok(found.into_iter().map(|it| it.target).collect())
            }
            RawOutcome::Unchanged | RawOutcome::File(_) => Ok(Vec::new()),
        }
    }

    /// The description that the host has for a repository.
    pub async fn repository_description(
        &self,
        repository_url: &str,
    ) -> Result<Option<String>, ReadError> {
        let at = Target::parse("url", repository_url, self.readers.hosts())?;
        self.readers.description(&at, repository_url).await
    }

    /// Whether a location is on this machine.
    fn is_local(&self, kind: &str, target: &str) -> Result<bool, ReadError> {
        Ok(match Target::parse(kind, target, self.readers.hosts())? {
            Target::File(_) => true,
            Target::Git(git) => git.is_local(),
            Target::GitHub(_) | Target::Azure(_) | Target::Web(_) => false,
        })
    }
}

#[cfg(test)]
mod app_tests;
#[cfg(test)]
mod tests;
