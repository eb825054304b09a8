//! New repositories, from files in memory.

use std::{fs, sync::Arc};

use portico_store::AuditEvent;

use super::{
    LocalGit,
    command::{Git, Invocation},
    is_repository,
};
use crate::{NewRepository, Result, ScmError, names};

/// The file of a repository that holds the key it was made with.
const KEY: &str = "portico-key";
/// The folder that repositories are made in before they are moved to their place.
const ASIDE: &str = ".create-";

impl LocalGit {
    /// Makes a repository with one commit and gives the commit. It is made aside and moved to
    /// its place when it is whole, so that one interrupted half-way is not there, and of two at
    /// once one wins.
    pub(super) async fn create_repository(
        &self,
        repository: &str,
        new: &NewRepository,
        audit: &AuditEvent,
    ) -> Result<String> {
        let name = Self::name(repository)?;
        let place = self.path(name);
        if is_repository(&place) {
            return self.made_before(repository, new).await;
        }
        let writing = || ScmError::io("the folder of repositories cannot be written");
        fs::create_dir_all(&self.folder).map_err(writing())?;
        let aside = tempfile::Builder::new()
            .prefix(ASIDE)
            .tempdir_in(&self.folder)
            .map_err(writing())?;
        let git = Git::new(aside.path().join("repository"), Arc::clone(&self.processes));
        fs::create_dir(git.folder()).map_err(writing())?;
        let branch = format!("--initial-branch={}", new.branch);
        git.run(&["init", "--quiet", "--bare", "--template=", &branch])
            .await?;
        git.run_with(Invocation {
            arguments: &["fast-import", "--quiet", "--done"],
            input: &stream(new, audit),
            ..Invocation::default()
        })
        .await?;
        let commit = git.resolve(None).await?;
        if let Some(key) = &new.key {
            fs::write(git.folder().join(KEY), key).map_err(writing())?;
        }
        let moved = async {
            match fs::rename(git.folder(), &place) {
                Ok(()) => Ok(()),
                Err(_) if is_repository(&place) => Err(taken(name)),
                Err(error) => Err(writing()(error)),
            }
        };
        match self.store.append_audit_with(audit, moved).await {
            Err(ScmError::Conflict { .. }) => self.made_before(repository, new).await,
            moved => moved.map(|()| commit),
        }
    }

    /// The commit of a repository that the same key made: by whoever was interrupted before it
    /// could write that down.
    async fn made_before(&self, repository: &str, new: &NewRepository) -> Result<String> {
        let git = self.git(repository)?;
        let key = fs::read_to_string(git.folder().join(KEY)).ok();
        if new.key.is_some() && key == new.key {
            return git.resolve(None).await;
        }
        Err(taken(Self::name(repository)?))
    }
}

fn taken(name: &str) -> ScmError {
    ScmError::conflict(format!(
        "there is a repository \"{name}\" already; choose another name"
    ))
}

/// The commit as `git fast-import` reads it: one process, however many files.
fn stream(new: &NewRepository, audit: &AuditEvent) -> Vec<u8> {
    let seconds = audit.at.max(0) / 1000;
    let (name, author) = match &new.author {
        Some(it) => (it.name.as_str(), it.email.clone()),
        None => (
            audit.principal.as_str(),
            super::commit::email(&audit.principal),
        ),
    };
    let plain = |text: &str| -> String {
        let harmless = |it: &char| !it.is_control() && !matches!(it, '<' | '>');
        text.chars().filter(harmless).collect()
    };
    let (name, author) = (plain(name), plain(&author));
    let message = new.message.trim();
    let mut stream = Vec::new();
    stream.extend_from_slice(b"feature done\n");
    stream.extend_from_slice(
        format!(
            "commit refs/heads/{}\nauthor {name} <{author}> {seconds} +0000\n\
             committer Portico <portico@portico.invalid> {seconds} +0000\ndata {}\n{message}\n",
            new.branch,
            message.len()
        )
        .as_bytes(),
    );
    for file in &new.files {
        let mode = if file.is_executable {
            "100755"
        } else {
            "100644"
        };
        let path = file.path.replace('\\', "\\\\").replace('"', "\\\"");
        stream.extend_from_slice(
            format!("M {mode} inline \"{path}\"\ndata {}\n", file.content.len()).as_bytes(),
        );
        stream.extend_from_slice(&file.content);
        stream.push(b'\n');
    }
    stream.extend_from_slice(b"done\n");
    stream
}

impl NewRepository {
    /// Refuses what no repository could take.
    pub(crate) fn check(&self) -> Result<()> {
        names::check_branch(&self.branch)?;
        names::check_text("the message", &self.message, 64 << 10)?;
        if self.files.is_empty() {
            return Err(ScmError::invalid(
                "a new repository needs at least one file",
            ));
        }
        for file in &self.files {
            names::check_path(&file.path)?;
        }
        Ok(())
    }
}
