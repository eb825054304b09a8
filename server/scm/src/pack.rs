//! What git clients download: a repository, in git's own protocol.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    process::{Child, ChildStdout},
    sync::OwnedSemaphorePermit,
};

/// What a git client asks for when it clones or fetches (`git-upload-pack` of git's smart HTTP
/// protocol).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackRequest {
    /// Whether it speaks version 2 of the protocol.
    pub version_2: bool,
    /// What it wants and has; `None` for what the server offers, which it asks first.
    pub body: Option<Vec<u8>>,
}

/// The answer to a [`PackRequest`], as git makes it. Dropping it ends git.
pub struct Pack {
    stdout: ChildStdout,
    _git: Child,
    _permit: OwnedSemaphorePermit,
}

impl Pack {
    pub(crate) fn new(stdout: ChildStdout, git: Child, permit: OwnedSemaphorePermit) -> Self {
        Self {
            stdout,
            _git: git,
            _permit: permit,
        }
    }
}

impl AsyncRead for Pack {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdout).poll_read(context, buffer)
    }
}
