//! Reading from any git remote with git itself: a shallow, blobless copy in a cache
//! folder, and `ls-remote` to see cheaply whether anything moved.
//!
//! A fingerprint is `<commit>:<object>`: the commit last seen and the file (or tree)
//! in it. While the remote is at that commit nothing is fetched, even after a restart.

mod command;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use portico_integrations::MAX_BYTES;
use sha1::{Digest, Sha1};

use crate::ReadError;
use crate::raw::{Listed, RawFile, RawOutcome};
use crate::target::{FilePattern, GitTarget};

pub(crate) use command::GitAuth;
use command::run;

/// Every repository that was read.
#[derive(Default)]
pub(crate) struct Git(Mutex<Copies>);

#[derive(Default)]
struct Copies {
    /// Made when it is first needed; goes with the process.
    folder: Option<tempfile::TempDir>,
    by_remote: HashMap<String, Arc<tokio::sync::Mutex<Copy>>>,
}

/// The local copy of one remote.
struct Copy {
    folder: PathBuf,
    ready: bool,
    /// Per reference: when the remote was last asked, and its answer.
    seen: HashMap<String, (Instant, String)>,
    /// Commits that are here.
    fetched: HashSet<String>,
}

impl Git {
    /// Reads one file.
    pub(crate) async fn read(
        &self,
        at: &GitTarget,
        auth: &GitAuth,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        let asked = Instant::now();
        let mut copy = self.copy(at)?.lock_owned().await;
        let commit = copy.commit(at, auth, target, asked).await?;
        let (known_commit, known_object) = split(fingerprint);
        if known_commit == Some(commit.as_str()) {
            return Ok(RawOutcome::Unchanged);
        }
        let commit = copy.fetch(at, commit, auth, target).await?;
        let object = copy.object(&commit, &at.path, auth, target).await?;
        if known_object == Some(object.as_str()) {
            return Ok(RawOutcome::Unchanged);
        }
        let size = copy.git(&["cat-file", "-s", &object], auth, target).await?;
        if String::from_utf8_lossy(&size).trim().parse().unwrap_or(0) > MAX_BYTES {
            return Err(ReadError::TooLarge {
                target: target.to_owned(),
                limit_bytes: MAX_BYTES,
            });
        }
        let content = copy
            .git(&["cat-file", "blob", &object], auth, target)
            .await
            .map_err(|_| {
                ReadError::invalid(
                    target,
                    "it is a folder; end it with / to read its catalog files",
                )
            })?;
        let fingerprint = Some(format!("{commit}:{object}"));
        Ok(RawOutcome::File(RawFile {
            content,
            fingerprint,
        }))
    }

    /// Lists the files that a pattern matches.
    pub(crate) async fn expand(
        &self,
        at: &GitTarget,
        pattern: &FilePattern,
        auth: &GitAuth,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        let asked = Instant::now();
        let mut copy = self.copy(at)?.lock_owned().await;
        let commit = copy.commit(at, auth, target, asked).await?;
        let (known_commit, known_tree) = split(fingerprint);
        if known_commit == Some(commit.as_str()) {
            return Ok(RawOutcome::Unchanged);
        }
        let commit = copy.fetch(at, commit, auth, target).await?;
        let tree = copy.object(&commit, "", auth, target).await?;
        if known_tree == Some(tree.as_str()) {
            return Ok(RawOutcome::Unchanged);
        }
        let list = ["ls-tree", "-r", "-z", &commit];
        let listed = copy.git(&list, auth, target).await?;
        let listed = String::from_utf8_lossy(&listed);
        // `<mode> <type> <object>\t<path>`
        let found = listed.split('\0').filter_map(|line| {
            let (about, path) = line.split_once('\t')?;
            let (mode, _) = about.split_once(' ')?;
            pattern
                .matches(path)
                .then(|| Listed::new(at.at(path), path, mode))
        });
        let fingerprint = Some(format!("{commit}:{tree}"));
        Ok(RawOutcome::expanded(found, fingerprint))
    }

    fn copy(&self, at: &GitTarget) -> Result<Arc<tokio::sync::Mutex<Copy>>, ReadError> {
        let mut copies = self.0.lock();
        if let Some(copy) = copies.by_remote.get(&at.remote) {
            return Ok(Arc::clone(copy));
        }
        let parent = if let Some(folder) = &copies.folder {
            folder.path().to_owned()
        } else {
            let folder = tempfile::Builder::new().prefix("portico-git-").tempdir();
            let folder = folder.map_err(|error| no_folder(&error))?;
            copies.folder.insert(folder).path().to_owned()
        };
        let copy = Arc::new(tokio::sync::Mutex::new(Copy {
            folder: parent.join(hex::encode(Sha1::digest(&at.remote))),
            ready: false,
            seen: HashMap::new(),
            fetched: HashSet::new(),
        }));
        copies
            .by_remote
            .insert(at.remote.clone(), Arc::clone(&copy));
        Ok(copy)
    }
}

impl Copy {
    /// The commit that the target's reference is at now. Readers that waited for each
    /// other share one question, as long as it was asked after each of them came.
    async fn commit(
        &mut self,
        at: &GitTarget,
        auth: &GitAuth,
        target: &str,
        asked: Instant,
    ) -> Result<String, ReadError> {
        let reference = at.reference.as_deref().unwrap_or("HEAD");
        if is_commit(reference) {
            return Ok(reference.to_owned());
        }
        if let Some((when, commit)) = self.seen.get(reference)
            && *when >= asked
        {
            return Ok(commit.clone());
        }
        self.prepare(at, auth, target).await?;
        let now = Instant::now();
        let wanted = [
            reference.to_owned(),
            format!("refs/heads/{reference}"),
            // An annotated tag is followed to its commit.
            format!("refs/tags/{reference}^{{}}"),
            format!("refs/tags/{reference}"),
        ];
        let mut arguments = vec!["ls-remote", "origin"];
        arguments.extend(wanted.iter().map(String::as_str));
        let answer = self.git(&arguments, auth, target).await?;
        let answer = String::from_utf8_lossy(&answer);
        let refs: HashMap<_, _> = answer
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(commit, name)| (name, commit))
            .collect();
        let Some(commit) = wanted.iter().find_map(|name| refs.get(name.as_str())) else {
            let hint = format!("the repository has no branch or tag \"{reference}\"");
            return Err(ReadError::not_found(target, hint));
        };
        self.seen
            .insert(reference.to_owned(), (now, (*commit).to_owned()));
        Ok((*commit).to_owned())
    }

    /// Makes an empty repository that knows where its content is to be had.
    async fn prepare(
        &mut self,
        at: &GitTarget,
        auth: &GitAuth,
        target: &str,
    ) -> Result<(), ReadError> {
        if self.ready {
            return Ok(());
        }
        std::fs::create_dir_all(&self.folder).map_err(|error| no_folder(&error))?;
        self.git(&["init", "--quiet", "--bare", "."], auth, target)
            .await?;
        for (key, value) in [
            ("remote.origin.url", at.remote.as_str()),
            // Blobs are fetched when they are read, where the server can do that.
            ("remote.origin.promisor", "true"),
            ("remote.origin.partialclonefilter", "blob:none"),
            ("gc.auto", "0"),
        ] {
            self.git(&["config", key, value], auth, target).await?;
        }
        self.ready = true;
        Ok(())
    }

    /// Makes a commit's content available. Says which commit came: the branch may have
    /// moved on since it was asked about.
    async fn fetch(
        &mut self,
        at: &GitTarget,
        commit: String,
        auth: &GitAuth,
        target: &str,
    ) -> Result<String, ReadError> {
        self.prepare(at, auth, target).await?;
        if self.fetched.contains(&commit) {
            return Ok(commit);
        }
        let reference = at.reference.as_deref().unwrap_or("HEAD");
        let fetch = [
            "fetch",
            "--quiet",
            "--depth=1",
            "--no-tags",
            "--filter=blob:none",
            "origin",
        ];
        self.git(&[&fetch[..], &[reference]].concat(), auth, target)
            .await?;
        let came = self
            .git(&["rev-parse", "FETCH_HEAD^{commit}"], auth, target)
            .await?;
        let came = String::from_utf8_lossy(&came).trim().to_owned();
        self.fetched.insert(came.clone());
        Ok(came)
    }

    /// The id of a path in a commit.
    async fn object(
        &self,
        commit: &str,
        path: &str,
        auth: &GitAuth,
        target: &str,
    ) -> Result<String, ReadError> {
        let spec = format!("{commit}:{path}");
        let id = self
            .git(
                &["rev-parse", "--verify", "--end-of-options", &spec],
                auth,
                target,
            )
            .await;
        match id {
            Ok(id) => Ok(String::from_utf8_lossy(&id).trim().to_owned()),
            Err(ReadError::Failed { .. }) => Err(ReadError::not_found(
                target,
                format!("check the path \"{path}\""),
            )),
            Err(other) => Err(other),
        }
    }

    async fn git(
        &self,
        arguments: &[&str],
        auth: &GitAuth,
        target: &str,
    ) -> Result<Vec<u8>, ReadError> {
        run(&self.folder, arguments, auth, target).await
    }
}

fn no_folder(error: &std::io::Error) -> ReadError {
    ReadError::failed(
        "the folder for copies of git repositories (set TMPDIR)",
        error,
    )
}

fn split(fingerprint: Option<&str>) -> (Option<&str>, Option<&str>) {
    match fingerprint.and_then(|it| it.split_once(':')) {
        Some((commit, object)) => (Some(commit), Some(object)),
        None => (None, None),
    }
}

fn is_commit(reference: &str) -> bool {
    reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;
