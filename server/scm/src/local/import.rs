//! New repositories, from folders.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use portico_store::Millis;
use walkdir::WalkDir;

use super::{LocalGit, command::Git, commit::Signature, is_repository};
use crate::{
    Result, ScmError,
    edits::{EXECUTABLE, PLAIN},
    names,
};

/// The branch that a new repository begins with.
const FIRST_BRANCH: &str = "main";

/// What importing a folder came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// There is a new repository.
    New,
    /// There was one of that name; it was left as it is.
    Existed,
}

impl LocalGit {
    /// Makes a repository for each folder in `parent`, named like the folder, unless there is
    /// one. Returns the names of the new ones. A folder whose name is no name of a repository
    /// is an error.
    pub async fn import_all(&self, parent: &Path, at: Millis) -> Result<Vec<String>> {
        let reading = || ScmError::io(format!("{} cannot be read", parent.display()));
        let mut folders = Vec::new();
        for entry in fs::read_dir(parent).map_err(reading())? {
            let entry = entry.map_err(reading())?;
            if entry.path().is_dir() {
                folders.push((
                    entry.file_name().to_string_lossy().into_owned(),
                    entry.path(),
                ));
            }
        }
        folders.sort();
        let mut new = Vec::new();
        for (name, folder) in folders {
            if self.import(&name, &folder, at).await? == Imported::New {
                new.push(name);
            }
        }
        Ok(new)
    }

    /// Makes the repository `name` with one commit, of the files in `folder`. Links and
    /// `.git` are left out.
    ///
    /// It is made aside and moved to its place when it is whole, so that one interrupted
    /// half-way is not there, and of two at once one wins.
    pub async fn import(&self, name: &str, folder: &Path, at: Millis) -> Result<Imported> {
        names::check_name(name)?;
        let place = self.path(name);
        if is_repository(&place) {
            return Ok(Imported::Existed);
        }
        let writing = || ScmError::io(format!("{} cannot be written", self.folder.display()));
        fs::create_dir_all(&self.folder).map_err(writing())?;
        let aside = tempfile::Builder::new()
            .prefix(".import-")
            .tempdir_in(&self.folder)
            .map_err(writing())?;
        let git = Git::new(aside.path().join("repository"), Arc::clone(&self.processes));
        fs::create_dir(git.folder()).map_err(writing())?;
        let branch = format!("--initial-branch={FIRST_BRANCH}");
        git.run(&["init", "--quiet", "--bare", "--template=", &branch])
            .await?;
        let tree = git.write_folder(folder).await?;
        let signature = Signature {
            email: None,
            author: "Portico",
            at,
            message: &format!("Import {name}"),
        };
        let commit = git.commit_tree(&tree, &[], &signature).await?;
        git.create_branch(FIRST_BRANCH, &commit).await?;
        match fs::rename(git.folder(), &place) {
            Ok(()) => Ok(Imported::New),
            Err(_) if is_repository(&place) => Ok(Imported::Existed),
            Err(error) => Err(writing()(error)),
        }
    }
}

impl Git {
    /// The tree of a folder's files.
    async fn write_folder(&self, folder: &Path) -> Result<String> {
        let mut changes = BTreeMap::new();
        for (path, file) in files(folder)? {
            let reading = || ScmError::io(format!("{} cannot be read", file.display()));
            let content = fs::read(&file).map_err(reading())?;
            let mode = if is_executable(&file).map_err(reading())? {
                EXECUTABLE
            } else {
                PLAIN
            };
            changes.insert(path, Some((mode, self.write_object(&content).await?)));
        }
        self.write_tree(None, &changes).await
    }
}

/// The files below a folder, with their paths in the repository.
fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    let entries = WalkDir::new(folder).into_iter();
    for entry in entries.filter_entry(|entry| entry.file_name() != ".git") {
        let entry = entry.map_err(|error| {
            ScmError::io(format!("{} cannot be read", folder.display()))(error.into())
        })?;
        if !entry.file_type().is_file() {
            continue;
        }
        let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let path = relative.to_string_lossy().into_owned();
        names::check_path(&path)?;
        files.push((path, entry.into_path()));
    }
    Ok(files)
}

#[cfg(unix)]
fn is_executable(file: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(file)?.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> std::io::Result<bool> {
    Ok(false)
}
