//! Running git on a bare repository: nobody's configuration, no hooks, no prompts, no shell,
//! a time limit and a limit of output.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
    sync::Semaphore,
};

use crate::{Result, ScmError};

/// Everything here is local and small; what takes longer hangs.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Output that is kept when nothing else is asked for.
const MAX_OUTPUT: usize = 32 << 20;
/// Complaints that are kept.
const MAX_COMPLAINT: usize = 16 << 10;

/// Settings that hold whatever the repository says.
const SETTINGS: [&str; 16] = [
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.protectNTFS=true",
    "-c",
    "core.protectHFS=true",
    "-c",
    "core.autocrlf=false",
    "-c",
    "core.quotePath=false",
    "-c",
    "gc.auto=0",
    "-c",
    "maintenance.auto=false",
    "-c",
    "commit.gpgSign=false",
];

/// Git in one repository.
#[derive(Clone)]
pub(super) struct Git {
    folder: PathBuf,
    processes: Arc<Semaphore>,
}

/// What to run.
#[derive(Clone, Copy, Default)]
pub(super) struct Invocation<'a> {
    /// The subcommand and its arguments.
    pub(super) arguments: &'a [&'a str],
    /// Its standard input.
    pub(super) input: &'a [u8],
    /// Environment beside the usual.
    pub(super) environment: &'a [(&'a str, &'a str)],
    /// Output to keep, in bytes; what is beyond ends the process. None: 32 MiB.
    pub(super) limit: Option<usize>,
}

/// What came of it.
pub(super) struct Output {
    /// The exit code; `None` when it was killed for talking too much.
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: String,
    /// There was more output than the limit.
    pub(super) truncated: bool,
}

impl Git {
    pub(super) fn new(folder: PathBuf, processes: Arc<Semaphore>) -> Self {
        Self { folder, processes }
    }

    /// The repository's folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The output of a command that must succeed.
    pub(super) async fn run(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        self.run_with(Invocation {
            arguments,
            ..Invocation::default()
        })
        .await
    }

    /// The output, trimmed, of a command that prints one line.
    pub(super) async fn line(&self, arguments: &[&str]) -> Result<String> {
        Ok(text(&self.run(arguments).await?))
    }

    /// The complete output of a command that must succeed.
    pub(super) async fn run_with(&self, invocation: Invocation<'_>) -> Result<Vec<u8>> {
        let output = self.output(invocation).await?;
        if output.truncated {
            let command = invocation.arguments.first().unwrap_or(&"");
            let limit = invocation.limit.unwrap_or(MAX_OUTPUT) >> 20;
            return Err(ScmError::too_large(
                format!("what git {command} prints"),
                format!("{limit} MiB"),
            ));
        }
        match output.code {
            Some(0) => Ok(output.stdout),
            _ => Err(failed(invocation.arguments, &output.stderr)),
        }
    }

    /// What a command printed, and how it ended.
    pub(super) async fn output(&self, invocation: Invocation<'_>) -> Result<Output> {
        let _permit = self.processes.acquire().await;
        let mut child = self.spawn(invocation)?;
        tokio::time::timeout(TIMEOUT, talk(&mut child, invocation))
            .await
            .map_err(|_| {
                ScmError::Unavailable(format!(
                    "git did not answer within {} s; check the disk that the repositories are on",
                    TIMEOUT.as_secs()
                ))
            })?
            .map_err(ScmError::io("git cannot be spoken with"))
    }

    pub(super) fn spawn(&self, invocation: Invocation<'_>) -> Result<Child> {
        let mut command = Command::new("git");
        command
            .args(SETTINGS)
            .args(invocation.arguments)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("GIT_DIR", &self.folder)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("LC_ALL", "C")
            .envs(invocation.environment.iter().copied())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command.spawn().map_err(|error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                ScmError::Unavailable(
                    "git is not installed on the server; local repositories need it".to_owned(),
                )
            } else {
                ScmError::io("git cannot be started")(error)
            }
        })
    }
}

/// The text of an output of one line.
pub(super) fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).trim().to_owned()
}

/// The error for a command that must not fail.
pub(super) fn failed(arguments: &[&str], stderr: &str) -> ScmError {
    let first = stderr
        .lines()
        .find(|line| line.contains("fatal:") || line.contains("error:"))
        .or_else(|| stderr.lines().next())
        .unwrap_or("it said nothing");
    ScmError::Git {
        command: (*arguments.first().unwrap_or(&"")).to_owned(),
        complaint: first.trim().to_owned(),
    }
}

async fn talk(child: &mut Child, invocation: Invocation<'_>) -> std::io::Result<Output> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let limit = invocation.limit.unwrap_or(MAX_OUTPUT);
    let feed = async {
        if let Some(mut pipe) = stdin {
            // A git that ends before it has read all says why elsewhere.
            let _ = pipe.write_all(invocation.input).await;
        }
    };
    let ((), stdout, stderr) = tokio::join!(feed, read(stdout, limit), read(stderr, MAX_COMPLAINT));
    let ((mut stdout, truncated), (stderr, _)) = (stdout?, stderr?);
    if truncated {
        stdout.truncate(limit);
        child.start_kill()?;
    }
    let status = child.wait().await?;
    Ok(Output {
        code: status.code(),
        stdout,
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
        truncated,
    })
}

/// What a pipe gives, up to one byte over `limit`, and whether that is more than the limit.
async fn read(
    pipe: Option<impl AsyncRead + Unpin>,
    limit: usize,
) -> std::io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(limit as u64 + 1).read_to_end(&mut bytes).await?;
    }
    let over = bytes.len() > limit;
    Ok((bytes, over))
}
