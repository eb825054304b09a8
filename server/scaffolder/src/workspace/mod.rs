//! The folder that a task works in.
//!
//! All access goes through a handle that cannot leave the folder (`cap-std`), whatever links
//! are in it. What is written is counted against a quota.

mod path;

use std::{
    io::{self, Read as _},
    path::Path,
    sync::Arc,
};

use cap_std::{ambient_authority, fs::Dir};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use parking_lot::Mutex;

pub(crate) use path::clean;

use crate::WorkspaceError;

type Result<T> = std::result::Result<T, WorkspaceError>;

/// How deep folders may nest.
const MAX_DEPTH: usize = 64;

/// What a workspace may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all files together, counted as they are written.
    pub bytes: u64,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Files, counted as they are written.
    pub files: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 512 << 20,
            file_bytes: 64 << 20,
            files: 20_000,
        }
    }
}

/// A file or folder of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From the root of the workspace, with `/`.
    pub path: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Whether somebody may run it.
    pub is_executable: bool,
    /// Bytes; 0 for folders.
    pub size: u64,
}

/// A folder for a task. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Workspace {
    folder: Arc<Dir>,
    limits: Limits,
    written: Arc<Mutex<Written>>,
}

#[derive(Debug, Default)]
struct Written {
    bytes: u64,
    files: u64,
}

impl Workspace {
    /// Opens a folder that exists. What is in it already does not count.
    pub fn open(folder: &Path, limits: Limits) -> io::Result<Self> {
        let folder = Dir::open_ambient_dir(folder, ambient_authority())?;
        Ok(Self {
            folder: Arc::new(folder),
            limits,
            written: Arc::default(),
        })
    }

    /// The content of a file.
    pub fn read(&self, path: &str) -> Result<Vec<u8>> {
        let path = clean(path)?;
        let metadata = self.folder.metadata(&path).map_err(explain(&path))?;
        // A pipe would never end, and a folder has no content.
        if !metadata.is_file() {
            return Err(WorkspaceError::NotFound { path });
        }
        let file = self.folder.open(&path).map_err(explain(&path))?;
        let mut content = Vec::new();
        let limit = self.limits.file_bytes;
        file.take(limit + 1)
            .read_to_end(&mut content)
            .map_err(explain(&path))?;
        if content.len() as u64 > limit {
            let limit = format!("{limit} bytes in one file");
            return Err(WorkspaceError::Quota { limit });
        }
        Ok(content)
    }

    /// Whether there is a file or folder.
    pub fn exists(&self, path: &str) -> Result<bool> {
        Ok(self.folder.symlink_metadata(clean(path)?).is_ok())
    }

    /// Writes a file, with the folders above it, in place of one that is there.
    pub fn write(&self, path: &str, content: &[u8], executable: bool) -> Result<()> {
        let path = clean(path)?;
        self.count(content.len() as u64)?;
        if let Some((parent, _)) = path.rsplit_once('/') {
            self.folder.create_dir_all(parent).map_err(explain(&path))?;
        }
        // A new file, so that a link that is there is replaced and not followed.
        match self.folder.remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(explain(&path)(error));
            }
            _ => {}
        }
        self.folder.write(&path, content).map_err(explain(&path))?;
        #[cfg(unix)]
        if executable {
            use cap_std::fs::{Permissions, PermissionsExt as _};
            let permissions = Permissions::from_mode(0o755);
            self.folder
                .set_permissions(&path, permissions)
                .map_err(explain(&path))?;
        }
        Ok(())
    }

    /// Removes a file, a link, or a folder with all that is in it.
    pub fn remove(&self, path: &str) -> Result<()> {
        let path = clean(path)?;
        let metadata = self
            .folder
            .symlink_metadata(&path)
            .map_err(explain(&path))?;
        let removed = match metadata.is_dir() {
            true => self.folder.remove_dir_all(&path),
            false => self.folder.remove_file(&path),
        };
        removed.map_err(explain(&path))
    }

    /// Moves a file or folder.
    pub fn rename(&self, from: &str, to: &str, overwrite: bool) -> Result<()> {
        let (from, to) = (clean(from)?, clean(to)?);
        self.folder
            .symlink_metadata(&from)
            .map_err(explain(&from))?;
        if self.folder.symlink_metadata(&to).is_ok() {
            if !overwrite {
                return Err(WorkspaceError::Exists { path: to });
            }
            self.remove(&to)?;
        }
        if let Some((parent, _)) = to.rsplit_once('/') {
            self.folder.create_dir_all(parent).map_err(explain(&to))?;
        }
        self.folder
            .rename(&from, &self.folder, &to)
            .map_err(explain(&from))
    }

    /// Everything below a folder (`.` for the root), by path. Links and `.git` are left out.
    pub fn list(&self, folder: &str) -> Result<Vec<Entry>> {
        let root = if matches!(folder, "" | "." | "./") {
            String::new()
        } else {
            clean(folder)?
        };
        let mut found = Vec::new();
        let mut folders = vec![(root, 0)];
        while let Some((parent, depth)) = folders.pop() {
            let here = if parent.is_empty() { "." } else { &parent };
            for entry in self.folder.read_dir(here).map_err(explain(here))? {
                let entry = entry.map_err(explain(here))?;
                let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string())
                else {
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
                let metadata = entry.metadata().map_err(explain(&path))?;
                found.push(Entry {
                    path: path.clone(),
                    is_folder: kind.is_dir(),
                    is_executable: kind.is_file() && executable(&metadata),
                    size: if kind.is_dir() { 0 } else { metadata.len() },
                });
                if found.len() as u64 > self.limits.files.saturating_mul(2) {
                    let limit = format!("{} files", self.limits.files);
                    return Err(WorkspaceError::Quota { limit });
                }
                if kind.is_dir() && depth < MAX_DEPTH {
                    folders.push((path, depth + 1));
                }
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    fn count(&self, bytes: u64) -> Result<()> {
        let mut written = self.written.lock();
        written.bytes += bytes;
        written.files += 1;
        let limit = if written.bytes > self.limits.bytes {
            format!("{} bytes", self.limits.bytes)
        } else if bytes > self.limits.file_bytes {
            format!("{} bytes in one file", self.limits.file_bytes)
        } else if written.files > self.limits.files {
            format!("{} files", self.limits.files)
        } else {
            return Ok(());
        };
        Err(WorkspaceError::Quota { limit })
    }
}

fn executable(metadata: &cap_std::fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use cap_std::fs::PermissionsExt as _;
        metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}

fn explain(path: &str) -> impl FnOnce(io::Error) -> WorkspaceError {
    let path = path.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::NotFound => WorkspaceError::NotFound { path },
        _ => WorkspaceError::Io { path, error },
    }
}

/// Globs, of which a path may match any. `*` stays in a folder, `**` does not.
pub(crate) fn globs<'a>(globs: impl IntoIterator<Item = &'a str>) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    let bad = |glob: &str, error: globset::Error| WorkspaceError::Glob {
        glob: glob.to_owned(),
        reason: error.kind().to_string(),
    };
    for glob in globs {
        let plain = glob.trim_start_matches("./");
        let built = GlobBuilder::new(plain).literal_separator(true).build();
        set.add(built.map_err(|error| bad(glob, error))?);
    }
    set.build().map_err(|error| bad("", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(limits: Limits) -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("work")).unwrap();
        std::fs::write(folder.path().join("secret"), "s").unwrap();
        let workspace = Workspace::open(&folder.path().join("work"), limits).unwrap();
        (folder, workspace)
    }

    #[test]
    fn files_come_and_go() {
        let (_folder, it) = workspace(Limits::default());
        it.write("a/b.txt", b"1", false).unwrap();
        it.write("./a/run.sh", b"2", true).unwrap();
        assert_eq!(it.read("a/b.txt").unwrap(), b"1");
        let paths: Vec<_> = it
            .list(".")
            .unwrap()
            .into_iter()
            .map(|it| (it.path, it.is_executable))
            .collect();
        assert_eq!(
            paths,
            [
                ("a".into(), false),
                ("a/b.txt".into(), false),
                ("a/run.sh".into(), true)
            ]
        );
        assert!(it.rename("a/b.txt", "a/run.sh", false).is_err());
        it.rename("a/b.txt", "c/d.txt", false).unwrap();
        it.remove("a").unwrap();
        assert_eq!(it.list("c").unwrap().len(), 1);
        assert!(matches!(
            it.read("a/b.txt"),
            Err(WorkspaceError::NotFound { .. })
        ));
    }

    #[test]
    fn nothing_leads_out() {
        let (folder, it) = workspace(Limits::default());
        std::os::unix::fs::symlink("../secret", folder.path().join("work/link")).unwrap();
        std::os::unix::fs::symlink("..", folder.path().join("work/up")).unwrap();
        for path in [
            "../secret",
            "/etc/passwd",
            "a/../../secret",
            "link",
            "up/secret",
            "a\\..\\b",
        ] {
            assert!(it.read(path).is_err(), "{path}");
        }
        assert!(it.write("up/new", b"", false).is_err());
        it.write("link", b"new", false).unwrap();
        assert_eq!(std::fs::read(folder.path().join("secret")).unwrap(), b"s");
        assert_eq!(it.list(".").unwrap().len(), 1);
    }

    #[test]
    fn too_much_is_refused() {
        let (_folder, it) = workspace(Limits {
            bytes: 10,
            file_bytes: 6,
            files: 3,
        });
        it.write("a", b"12345", false).unwrap();
        assert!(matches!(
            it.write("b", b"1234567", false),
            Err(WorkspaceError::Quota { .. })
        ));
        assert!(matches!(
            it.write("c", b"123456", false),
            Err(WorkspaceError::Quota { .. })
        ));
    }
}
