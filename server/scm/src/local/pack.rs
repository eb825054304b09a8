//! Serving clones and fetches: `git upload-pack`, streamed.

use std::{sync::Arc, time::Duration};

use tokio::io::AsyncWriteExt as _;

use super::{
    LocalGit,
    command::{Git, Invocation},
};
use crate::{Pack, PackRequest, Result, ScmError};

/// How long git may take to read what a client asks.
const ASKING: Duration = Duration::from_secs(30);

impl LocalGit {
    pub(super) fn pack(&self, repository: &str, request: PackRequest) -> Result<Pack> {
        let git = self.git(repository)?;
        // Clones may be slow; they do not take the place of what pages need.
        let permit = Arc::clone(&self.clones).try_acquire_owned();
        let permit = permit.map_err(|_| {
            ScmError::Unavailable("too many clones at once; try again in a moment".to_owned())
        })?;
        git.upload_pack(request, permit)
    }
}

impl Git {
    fn upload_pack(
        &self,
        request: PackRequest,
        permit: tokio::sync::OwnedSemaphorePermit,
    ) -> Result<Pack> {
        let folder = self.folder().to_string_lossy();
        let mut arguments = vec!["upload-pack", "--stateless-rpc", "--strict"];
        if request.body.is_none() {
            arguments.push("--http-backend-info-refs");
        }
        arguments.push(&folder);
        let protocol = [("GIT_PROTOCOL", "version=2")];
        let mut child = self.spawn(Invocation {
            arguments: &arguments,
            environment: if request.version_2 { &protocol } else { &[] },
            ..Invocation::default()
        })?;
        // What git complains about is told to the client in its answer.
        drop(child.stderr.take());
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        if let (Some(mut stdin), Some(body)) = (stdin, request.body) {
            tokio::spawn(async move {
                // A git that ends before it has read all is one that has refused.
                let _ = tokio::time::timeout(ASKING, stdin.write_all(&body)).await;
            });
        }
        let stdout =
            stdout.ok_or_else(|| ScmError::Unavailable("git does not speak".to_owned()))?;
        Ok(Pack::new(stdout, child, permit))
    }
}
