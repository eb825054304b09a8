//! Files and folders where a location is, and where in a repository that is.

use futures::{StreamExt as _, TryStreamExt as _};

use crate::raw::{Listed, RawOutcome};
use crate::target::{FilePattern, Target, azure::Version};
use crate::{Location, ReadError, Sources};

/// Files that are read from a host at once.
const AT_ONCE: usize = 8;

/// Files of one folder that are read at most: each is a request of its own.
const MAX_FILES: usize = 5_000;

/// A file of a folder, as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFile {
    /// From the folder.
    pub path: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// As far as the host tells.
    pub is_executable: bool,
}

/// A place in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InRepository {
    /// Branch, tag or commit; `None` is the default branch.
    pub reference: Option<String>,
    /// Whether the reference can only be a branch, or none is given.
    pub is_branch: bool,
    /// From the repository's root.
    pub path: String,
}

impl Sources {
    /// Reads a folder of a repository with everything below it, links and submodules left out.
    pub async fn folder(&self, location: &Location) -> Result<Vec<FolderFile>, ReadError> {
        let Location { kind, target } = location;
        let hosts = self.readers.hosts();
        let at = Target::parse(kind, target, hosts)?;
        let Some((_, path)) = at.in_repository() else {
            return Err(ReadError::invalid(
                target,
                "its host does not list folders; name files, or use a repository",
            ));
        };
        let folder = path.trim_end_matches('/');
        let pattern = FilePattern::below(folder)?;
        let outcome = self.readers.expand(&at, &pattern, target, None).await?;
        let RawOutcome::Expanded { mut found, .. } = outcome else {
            return Ok(Vec::new());
        };
        found.retain(|it| it.is_file);
        if found.is_empty() {
            return Err(ReadError::not_found(
                target,
                "there is nothing in this folder",
            ));
        }
        if found.len() > MAX_FILES {
            let fix = format!("it has more than {MAX_FILES} files; name a smaller folder");
            return Err(ReadError::invalid(target, fix));
        }
        futures::stream::iter(found)
            .map(|it| self.listed(kind, folder, it))
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn listed(&self, kind: &str, folder: &str, it: Listed) -> Result<FolderFile, ReadError> {
        let at = Target::parse(kind, &it.target, self.readers.hosts())?;
        let path = it.path.strip_prefix(folder).unwrap_or(&it.path);
        Ok(FolderFile {
            path: path.trim_start_matches('/').to_owned(),
            content: self.content(&at, &it.target).await?,
            is_executable: it.is_executable,
        })
    }

    /// Reads one file as it is; its path is its name.
    pub async fn file(&self, location: &Location) -> Result<FolderFile, ReadError> {
        let Location { kind, target } = location;
        let at = Target::parse(kind, target, self.readers.hosts())?;
        let path = match &at {
            Target::File(path) => path,
            Target::Web(url) => url.path(),
            at => at.in_repository().map_or("", |(_, path)| path),
        };
        Ok(FolderFile {
            path: path.rsplit('/').next().unwrap_or(path).to_owned(),
            content: self.content(&at, target).await?,
            is_executable: false,
        })
    }

    async fn content(&self, at: &Target, target: &str) -> Result<Vec<u8>, ReadError> {
        match self.readers.read_file(at, target, None).await? {
            RawOutcome::File(file) => Ok(file.content),
            RawOutcome::Unchanged | RawOutcome::Expanded { .. } => {
                Err(ReadError::invalid(target, "it is a folder, not a file"))
            }
        }
    }

    /// Where in a repository a location is; `None` when it is elsewhere. The repository is an
    /// address as [`Location`]s have them, without a path.
    pub fn within(&self, location: &Location, repository: &str) -> Option<InRepository> {
        let hosts = self.readers.hosts();
        let place = Target::parse(&location.kind, &location.target, hosts).ok()?;
        let repository = Target::parse("url", repository, hosts).ok()?;
        let here = place.hosted(hosts);
        if !here.as_ref().unwrap_or(&place).same_repository(&repository) {
            return None;
        }
        let (reference, path) = place.in_repository()?;
        let is_branch = !matches!(
            &place,
            Target::Azure(it) if matches!(it.version, Some(Version::Tag(_) | Version::Commit(_)))
        );
        // The name that git has for whatever the default branch is.
        let reference = reference.filter(|it| *it != "HEAD");
        Some(InRepository {
            reference: reference.map(str::to_owned),
            is_branch,
            path: path.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use portico_config::Config;

    use super::*;

    fn within(
        kind: &str,
        target: &str,
        repository: &str,
    ) -> Option<(Option<String>, bool, String)> {
        let sources = Sources::new(&Config::default()).unwrap();
        let location = Location {
            kind: kind.to_owned(),
            target: target.to_owned(),
        };
        let it = sources.within(&location, repository)?;
        Some((it.reference, it.is_branch, it.path))
    }

    #[test]
    fn places_are_found_in_repositories_of_every_host() {
        let main = Some("main".to_owned());
        let azure = "https://dev.azure.com/org/My%20Project/_git/repo";
        let github = "https://github.com/o/r";
        for (kind, target, repository, expected) in [
            (
                "url",
                "https://dev.azure.com/org/My%20Project/_git/repo?path=/a/x.yaml&version=GBmain",
                azure,
                Some((main.clone(), true, "a/x.yaml".to_owned())),
            ),
            (
                "url",
                "https://org.visualstudio.com/My%20Project/_git/repo?path=/x.yaml",
                azure,
                Some((None, true, "x.yaml".to_owned())),
            ),
            (
                "url",
                "https://dev.azure.com/org/My%20Project/_git/repo?path=/x.yaml&version=GTmain",
                azure,
                Some((main.clone(), false, "x.yaml".to_owned())),
            ),
            (
                "url",
                "https://dev.azure.com/org/other/_git/repo?path=/x.yaml",
                azure,
                None,
            ),
            (
                "url",
                "https://github.com/o/r/blob/main/a/x.yaml",
                github,
                Some((main.clone(), true, "a/x.yaml".to_owned())),
            ),
            (
                "url",
                "https://github.com/o/rr/blob/main/x.yaml",
                github,
                None,
            ),
            (
                "git",
                "git+https://github.com/o/r.git#main:x.yaml",
                github,
                Some((main.clone(), true, "x.yaml".to_owned())),
            ),
            (
                "git",
                "local:r#:x.yaml",
                "local:r",
                Some((None, true, "x.yaml".to_owned())),
            ),
            ("git", "local:r#main:x.yaml", "local:other", None),
            ("file", "/srv/x.yaml", "local:r", None),
            (
                "url",
                "https://example.com/o/r/blob/main/x.yaml",
                github,
                None,
            ),
        ] {
            assert_eq!(within(kind, target, repository), expected, "{target}");
        }
    }

    #[test]
    fn a_pasted_text_is_an_address_a_place_in_git_or_a_path() {
        for (text, kind) in [
            (" https://github.com/o/r/blob/main/x.yaml", "url"),
            ("git+https://host/r.git#main:x", "git"),
            ("git@host:o/r.git#main:x", "git"),
            ("local:r#main:x", "git"),
            ("/srv/x.yaml", "file"),
        ] {
            assert_eq!(Location::of(text).kind, kind, "{text}");
        }
    }
}
