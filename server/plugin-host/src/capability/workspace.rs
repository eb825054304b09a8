//! `workspace`: the working folder of a task, through a handle that cannot leave it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use globset::GlobMatcher;

use super::Guest;
use super::paths::{check_path, glob};
use crate::bindings::portico::plugin::workspace::{Entry, FileType, Host};
use crate::services::{Answer, CapabilityError};
use crate::store::{CallState, invalid, not_offered, too_much};
use crate::{Grants, Interface};

const MAX_VISITED: usize = 100_000;
const MAX_DEPTH: usize = 32;

/// A folder for a task. What is above it cannot be reached, links in it are not followed, and
/// `.git` does not exist for plugins: git runs what is in there, and keeps credentials there.
#[derive(Clone, Debug)]
pub struct Workspace(Arc<Dir>);

impl Workspace {
    /// Opens a folder that exists.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Dir::open_ambient_dir(folder, ambient_authority()).map(|it| Self(Arc::new(it)))
    }
}

impl Host for CallState {
    async fn read_file(&mut self, path: String) -> Guest<Vec<u8>> {
        let limit = self.plugin.limits.file_bytes;
        let read = self.workspace(path, move |folder, path| read(folder, path, limit));
        Ok(read.await.map_err(Into::into))
    }

    async fn find(&mut self, pattern: String) -> Guest<Vec<Entry>> {
        let max = self.plugin.limits.found_files as usize;
        let found = match glob(&pattern) {
            Err(error) => Err(error),
            Ok(glob) => {
                self.in_workspace(move |folder| find(folder, &glob, max))
                    .await
            }
        };
        Ok(found.map_err(Into::into))
    }

    async fn write_file(&mut self, path: String, content: Vec<u8>) -> Guest<()> {
        Ok(self
            .workspace_write(path, content)
            .await
            .map_err(Into::into))
    }

    async fn remove(&mut self, path: String) -> Guest<()> {
        let removed = match self.may_write() {
            Err(error) => Err(error),
            Ok(()) => self.workspace(path, remove).await,
        };
        Ok(removed.map_err(Into::into))
    }
}

impl CallState {
    async fn workspace_write(&mut self, path: String, content: Vec<u8>) -> Answer<()> {
        self.may_write()?;
        let limit = self.plugin.limits.file_bytes;
        if content.len() as u64 > limit {
            return Err(too_much(format!("a file has at most {limit} bytes")));
        }
        self.count_written(content.len())?;
        self.workspace(path, move |folder, path| write(folder, path, &content))
            .await
    }

    fn may_write(&mut self) -> Answer<()> {
        let granted = |it: &Grants| it.workspace.as_ref().is_some_and(|it| it.write);
        match granted(&self.plugin.grants) {
            true => Ok(()),
            false => Err(self.denied(Interface::Workspace, "writing")),
        }
    }

    async fn workspace<T: Send + 'static>(
        &mut self,
        path: String,
        work: impl FnOnce(&Dir, &str) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        check_path(&path)?;
        if path.split('/').any(|it| it.eq_ignore_ascii_case(".git")) {
            return Err(self.denied(Interface::Workspace, &path));
        }
        self.in_workspace(move |folder| {
            refuse_links(folder, &path)?;
            work(folder, &path)
        })
        .await
    }

    async fn in_workspace<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Dir) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.count_host_call()?;
        let workspace = self.context.workspace.clone();
        let workspace = workspace.ok_or_else(|| not_offered("workspace"))?;
        let done = tokio::task::spawn_blocking(move || work(&workspace.0)).await;
        done.unwrap_or_else(|_| Err(CapabilityError::Unavailable("the workspace failed".into())))
    }
}

/// Plugins cannot make links, so what is no link now stays none. Should somebody else change
/// that in between, the handle still does not lead out of the folder.
fn refuse_links(folder: &Dir, path: &str) -> Answer<()> {
    let ends = path.match_indices('/').map(|(at, _)| at);
    for end in ends.chain([path.len()]) {
        match folder.symlink_metadata(&path[..end]) {
            Ok(metadata) if metadata.is_symlink() => {
                return Err(invalid(format!("{} is a link", &path[..end])));
            }
            Ok(_) => {}
            Err(_) => return Ok(()),
        }
    }
    Ok(())
}

fn read(folder: &Dir, path: &str, limit: u64) -> Answer<Vec<u8>> {
    use std::io::Read as _;

    let metadata = folder.metadata(path).map_err(|it| explain(path, &it))?;
    // A pipe would never end, a folder has no content.
    if !metadata.is_file() {
        return Err(invalid(format!("{path} is not a file")));
    }
    let file = folder.open(path).map_err(|it| explain(path, &it))?;
    let mut content = Vec::new();
    let read = file.take(limit + 1).read_to_end(&mut content);
    read.map_err(|it| explain(path, &it))?;
    if content.len() as u64 > limit {
        return Err(too_much(format!("{path} has more than {limit} bytes")));
    }
    Ok(content)
}

fn write(folder: &Dir, path: &str, content: &[u8]) -> Answer<()> {
    if let Some((parent, _)) = path.rsplit_once('/') {
        folder
            .create_dir_all(parent)
            .map_err(|it| explain(path, &it))?;
    }
    // A new file, in case the old one is shared with another folder by a hard link.
    match folder.remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(explain(path, &error)),
        _ => {}
    }
    folder.write(path, content).map_err(|it| explain(path, &it))
}

fn remove(folder: &Dir, path: &str) -> Answer<()> {
    let metadata = folder
        .symlink_metadata(path)
        .map_err(|it| explain(path, &it))?;
    let removed = match metadata.is_dir() {
        true => folder.remove_dir_all(path),
        false => folder.remove_file(path),
    };
    removed.map_err(|it| explain(path, &it))
}

fn find(folder: &Dir, glob: &GlobMatcher, max: usize) -> Answer<Vec<Entry>> {
    let mut found = Vec::new();
    let mut visited = 0;
    let mut folders = vec![(String::new(), 0)];
    while let Some((parent, depth)) = folders.pop() {
        let here = if parent.is_empty() { "." } else { &parent };
        for entry in folder.read_dir(here).map_err(|it| explain(here, &it))? {
            let entry = entry.map_err(|it| explain(here, &it))?;
            visited += 1;
            if visited > MAX_VISITED || found.len() > max {
                return Err(too_much(format!(
                    "more than {max} files are found, or too many are there"
                )));
            }
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else {
                continue;
            };
            if kind.is_symlink() || name.eq_ignore_ascii_case(".git") {
                continue;
            }
            let path = if parent.is_empty() {
                name
            } else {
                format!("{parent}/{name}")
            };
            if glob.is_match(&path) {
                let size = entry.metadata().map_or(0, |it| it.len());
                found.push(Entry {
                    path: path.clone(),
                    file_type: if kind.is_dir() {
                        FileType::Folder
                    } else {
                        FileType::File
                    },
                    size: if kind.is_dir() { 0 } else { size },
                });
            }
            if kind.is_dir() && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn explain(path: &str, error: &io::Error) -> CapabilityError {
    match error.kind() {
        io::ErrorKind::NotFound => CapabilityError::NotFound(format!("there is no {path}")),
        _ => invalid(format!("{path}: {}", error.kind())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Dir) {
        let outer = tempfile::tempdir().unwrap();
        std::fs::create_dir(outer.path().join("work")).unwrap();
        std::fs::write(outer.path().join("secret"), "s").unwrap();
        std::os::unix::fs::symlink("../secret", outer.path().join("work/link")).unwrap();
        std::os::unix::fs::symlink("..", outer.path().join("work/up")).unwrap();
        std::fs::hard_link(outer.path().join("secret"), outer.path().join("work/hard")).unwrap();
        let dir = Dir::open_ambient_dir(outer.path().join("work"), ambient_authority()).unwrap();
        (outer, dir)
    }

    #[test]
    fn links_lead_nowhere() {
        let (outer, dir) = folder();
        for path in ["link", "up/secret", "up"] {
            assert!(refuse_links(&dir, path).is_err(), "{path}");
        }
        // Even without that check the handle does not lead out.
        assert!(read(&dir, "link", 10).is_err());
        assert!(read(&dir, "up/secret", 10).is_err());
        assert!(write(&dir, "up/new", b"x").is_err());
        assert!(!outer.path().join("new").exists());
        assert_eq!(find(&dir, &glob("**").unwrap(), 10).unwrap().len(), 1);
    }

    #[test]
    fn writing_leaves_what_is_linked_alone() {
        let (outer, dir) = folder();
        write(&dir, "hard", b"changed").unwrap();
        assert_eq!(std::fs::read(outer.path().join("secret")).unwrap(), b"s");
        remove(&dir, "link").unwrap();
        assert!(outer.path().join("secret").exists());
    }

    #[test]
    fn files_are_written_found_and_bounded() {
        let (_outer, dir) = folder();
        write(&dir, "src/a/b.txt", b"12345").unwrap();
        let found = find(&dir, &glob("src/**/*.txt").unwrap(), 10).unwrap();
        assert_eq!((found[0].path.as_str(), found[0].size), ("src/a/b.txt", 5));
        assert_eq!(read(&dir, "src/a/b.txt", 5).unwrap(), b"12345");
        assert!(matches!(
            read(&dir, "src/a/b.txt", 4),
            Err(CapabilityError::TooMuch(_))
        ));
        assert!(matches!(
            read(&dir, "none", 4),
            Err(CapabilityError::NotFound(_))
        ));
        assert!(matches!(
            read(&dir, "src", 4),
            Err(CapabilityError::Invalid(_))
        ));
        remove(&dir, "src").unwrap();
        assert!(find(&dir, &glob("src/**").unwrap(), 10).unwrap().is_empty());
    }
}
