//! Where the files of templates come from: the folder of the template, wherever it is, and
//! repositories that the one who runs the task may read.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use portico_access::Principal;
use portico_scaffolder::{ActionError, Fetch, FetchedFile, LocalFolders};
use portico_scm::Scm;
use portico_sources::{FolderFile, Location, Sources};

/// Reads for one task.
pub(crate) struct TemplateFetch {
    pub(crate) who: Principal,
    pub(crate) scm: Option<Scm>,
    pub(crate) sources: Sources,
    /// Of a dry run of a draft: what is beside the template, in place of what is there.
    pub(crate) beside: Option<Vec<FetchedFile>>,
}

/// What an address comes to.
enum Place {
    /// A path beside a template on this machine.
    Folder {
        root: PathBuf,
        base: String,
        path: String,
    },
    /// A path in a repository that Portico keeps.
    Repository {
        repository: String,
        reference: Option<String>,
        path: String,
    },
    /// A place on a host, or in any git repository.
    Source(Location),
    /// A path beside a draft.
    Beside(String),
}

impl TemplateFetch {
    fn place(&self, url: &str, base: Option<&str>) -> Result<Place, String> {
        if let Some((repository, reference, path)) = repository(url) {
            return Ok(Place::Repository {
                repository,
                reference,
                path: joined("", &path)?,
            });
        }
        if url.starts_with("https://") || url.starts_with("http://") {
            return Ok(Place::Source(Location {
                kind: "url".to_owned(),
                target: url.to_owned(),
            }));
        }
        if url.contains("://") || url.starts_with('/') {
            return Err(
                "only https addresses, local:NAME#BRANCH:FOLDER and paths beside the \
                        template are read"
                    .to_owned(),
            );
        }
        if self.beside.is_some() {
            return Ok(Place::Beside(joined("", url)?));
        }
        let base = base.ok_or("it is relative, and the template has no address")?;
        let (kind, target) = base.split_once(':').unwrap_or(("", base));
        match kind {
            "file" => {
                let folder = Path::new(target).parent();
                Ok(Place::Folder {
                    root: folder.ok_or("the template has no folder")?.to_owned(),
                    base: target.to_owned(),
                    path: url.to_owned(),
                })
            }
            "git" | "url" if repository(target).is_some() => {
                let (repository, reference, file) = repository(target).unwrap_or_default();
                let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
                Ok(Place::Repository {
                    repository,
                    reference,
                    path: joined(folder, url)?,
                })
            }
            "git" | "url" => {
                let base = Location {
                    kind: kind.to_owned(),
                    target: target.to_owned(),
                };
                let resolved = self.sources.resolve(&base, None, url);
                resolved
                    .map(Place::Source)
                    .map_err(|error| error.to_string())
            }
            _ => Err(format!(
                "a template from {kind} can only use absolute addresses; register it by its \
                 https address, or from a repository that Portico keeps"
            )),
        }
    }

    async fn folder_of(&self, place: Place) -> Result<Vec<FetchedFile>, String> {
        match place {
            Place::Folder { root, base, path } => LocalFolders::new([root])
                .folder(&path, Some(&base))
                .await
                .map_err(|error| reason(&error)),
            Place::Beside(path) => {
                let prefix = if path.is_empty() {
                    path
                } else {
                    format!("{path}/")
                };
                let files = self.beside.iter().flatten();
                let files: Vec<_> = files
                    .filter_map(|file| {
                        let path = file.path.strip_prefix(&prefix)?.to_owned();
                        Some(FetchedFile {
                            path,
                            ..file.clone()
                        })
                    })
                    .collect();
                match files.is_empty() {
                    true => Err("there is no such folder beside the template".to_owned()),
                    false => Ok(files),
                }
            }
            Place::Repository {
                repository,
                reference,
                path,
            } => {
                let scm = self.scm()?;
                let files = scm.files(&self.who, &repository, reference.as_deref(), &path);
                let files = files.await.map_err(|error| error.to_string())?;
                if files.is_empty() {
                    return Err(format!("{repository} has no folder \"{path}\""));
                }
                let files = files.into_iter().map(|file| FetchedFile {
                    path: file.path,
                    content: file.content,
                    is_executable: file.is_executable,
                });
                Ok(files.collect())
            }
            Place::Source(location) => {
                let files = self.sources.folder(&location).await;
                let files = files.map_err(|error| error.to_string())?;
                Ok(files.into_iter().map(fetched).collect())
            }
        }
    }

    /// The file of a template, by the template's own address.
    pub(crate) async fn template(&self, location: &str) -> Result<FetchedFile, String> {
        let (kind, target) = location.split_once(':').unwrap_or(("", location));
        if kind == "file" || repository(target).is_some() {
            let file = target.rsplit(['/', ':']).next().unwrap_or_default();
            return self
                .file_of(self.place(&format!("./{file}"), Some(location))?)
                .await;
        }
        let location = Location {
            kind: kind.to_owned(),
            target: target.to_owned(),
        };
        self.file_of(Place::Source(location)).await
    }

    async fn file_of(&self, place: Place) -> Result<FetchedFile, String> {
        let missing = |path: &str| format!("there is no file \"{path}\"");
        match place {
            Place::Folder { root, base, path } => LocalFolders::new([root])
                .file(&path, Some(&base))
                .await
                .map_err(|error| reason(&error)),
            Place::Beside(path) => {
                let mut files = self.beside.iter().flatten();
                let file = files.find(|file| file.path == path);
                file.cloned().ok_or_else(|| missing(&path))
            }
            Place::Repository {
                repository,
                reference,
                path,
            } => {
                let scm = self.scm()?;
                let read = scm.read_file(&self.who, &repository, reference.as_deref(), &path);
                let content = read.await.map_err(|error| error.to_string())?;
                Ok(named(&path, content.ok_or_else(|| missing(&path))?))
            }
            Place::Source(location) => {
                let file = self.sources.file(&location).await;
                file.map(fetched).map_err(|error| error.to_string())
            }
        }
    }

    fn scm(&self) -> Result<&Scm, String> {
        let scm = self.scm.as_ref();
        scm.ok_or_else(|| "this process keeps no repositories".to_owned())
    }
}

#[async_trait]
impl Fetch for TemplateFetch {
    async fn folder(&self, url: &str, base: Option<&str>) -> Result<Vec<FetchedFile>, ActionError> {
        let failed = |reason: String| ActionError::Fetch {
            url: url.to_owned(),
            reason,
        };
        let place = self.place(url, base).map_err(failed)?;
        self.folder_of(place).await.map_err(failed)
    }

    async fn file(&self, url: &str, base: Option<&str>) -> Result<FetchedFile, ActionError> {
        let failed = |reason: String| ActionError::Fetch {
            url: url.to_owned(),
            reason,
        };
        let place = self.place(url, base).map_err(failed)?;
        self.file_of(place).await.map_err(failed)
    }
}

/// Why, without the address, which is said once.
fn reason(error: &ActionError) -> String {
    match error {
        ActionError::Fetch { reason, .. } => reason.clone(),
        error => error.to_string(),
    }
}

/// `local:NAME#BRANCH:PATH`, where branch and path may be left out.
pub(crate) fn repository(address: &str) -> Option<(String, Option<String>, String)> {
    address.strip_prefix("local:")?;
    let (repository, fragment) = address.split_once('#').unwrap_or((address, ""));
    let (reference, path) = fragment.split_once(':').unwrap_or((fragment, ""));
    let reference = (!reference.is_empty()).then(|| reference.to_owned());
    Some((repository.to_owned(), reference, path.to_owned()))
}

/// A path from the root, of a folder and a path from there.
fn joined(folder: &str, path: &str) -> Result<String, String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or("it leads out of the repository")?;
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

fn fetched(file: FolderFile) -> FetchedFile {
    FetchedFile {
        path: file.path,
        content: file.content,
        is_executable: file.is_executable,
    }
}

fn named(path: &str, content: Vec<u8>) -> FetchedFile {
    FetchedFile {
        path: path.rsplit('/').next().unwrap_or(path).to_owned(),
        content,
        is_executable: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_repository() {
        assert_eq!(
            joined("templates/api", "./skeleton").unwrap(),
            "templates/api/skeleton"
        );
        assert_eq!(
            joined("templates/api", "../shared/").unwrap(),
            "templates/shared"
        );
        assert!(joined("templates", "../../x").is_err());
    }

    #[test]
    fn addresses_of_repositories() {
        let parts = |text: &str| repository(text).unwrap();
        assert_eq!(
            parts("local:a"),
            ("local:a".to_owned(), None, String::new())
        );
        assert_eq!(
            parts("local:a#dev:x/y"),
            (
                "local:a".to_owned(),
                Some("dev".to_owned()),
                "x/y".to_owned()
            )
        );
        assert!(repository("https://x").is_none());
    }
}
