//! Running git: with a time limit, without prompts, secrets in the environment only.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::process::Command;

use crate::ReadError;

/// Fetching is slower than one request.
const TIMEOUT: Duration = Duration::from_mins(2);

/// How to sign in at a remote.
#[derive(Clone, Default)]
pub(crate) struct GitAuth {
    /// The `Authorization` header for requests below an address.
    header: Option<(String, String)>,
    /// The configuration key to look at when the remote refuses.
    key: Option<String>,
}

impl GitAuth {
    /// No credentials; `key` is where some could be set.
    pub(crate) fn anonymous(key: Option<&str>) -> Self {
        Self {
            header: None,
            key: key.map(str::to_owned),
        }
    }

    /// HTTP Basic, as git hosts take tokens.
    pub(crate) fn basic(address: &str, user: &str, token: &str, key: &str) -> Self {
        let credentials = STANDARD.encode(format!("{user}:{token}"));
        Self::header(address, &format!("Basic {credentials}"), key)
    }

    /// A complete `Authorization` header value.
    pub(crate) fn header(address: &str, value: &str, key: &str) -> Self {
        Self {
            header: Some((address.to_owned(), format!("Authorization: {value}"))),
            key: Some(key.to_owned()),
        }
    }
}

/// Runs git in a folder and gives its output.
pub(crate) async fn run(
    folder: &Path,
    arguments: &[&str],
    auth: &GitAuth,
    target: &str,
) -> Result<Vec<u8>, ReadError> {
    let mut command = Command::new("git");
    command
        .args(arguments)
        .current_dir(folder)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "true")
        .env("GIT_ALLOW_PROTOCOL", "https:http:ssh:file")
        .env("LC_ALL", "C")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if std::env::var_os("GIT_SSH_COMMAND").is_none() {
        command.env(
            "GIT_SSH_COMMAND",
            "ssh -o BatchMode=yes -o ConnectTimeout=10",
        );
    }
    if let Some((address, header)) = &auth.header {
        command
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", format!("http.{address}.extraHeader"))
            .env("GIT_CONFIG_VALUE_0", header);
    }
    let output = match tokio::time::timeout(TIMEOUT, command.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            let reason = "git is not installed; install it, or use an address of an integration";
            return Err(ReadError::failed(target, reason));
        }
        Ok(Err(error)) => return Err(ReadError::failed(target, error)),
        Err(_) => {
            return Err(ReadError::Timeout {
                target: target.to_owned(),
                after: TIMEOUT,
            });
        }
    };
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(told(target, &String::from_utf8_lossy(&output.stderr), auth))
}

/// Sorts git's complaints into ours.
fn told(target: &str, complaint: &str, auth: &GitAuth) -> ReadError {
    let has = |texts: &[&str]| texts.iter().any(|text| complaint.contains(text));
    let key = auth.key.as_deref();
    let asked_for_password = ["could not read Username", "could not read Password"];
    if has(&asked_for_password) || has(&["Authentication failed", "returned error: 401"]) {
        let fix = match (key, auth.header.is_some()) {
            (Some(key), true) => format!("the remote does not accept the credential in {key}"),
            (Some(key), false) => format!("the remote wants a credential; set one in {key}"),
            (None, _) => {
                "the remote wants a credential; use ssh, or a host of integrations.*".to_owned()
            }
        };
        return ReadError::denied(target, fix);
    }
    if has(&["returned error: 403"]) {
        let key = key.unwrap_or("its integration");
        return ReadError::denied(target, format!("the credential in {key} may not read it"));
    }
    if has(&[
        "Permission denied (publickey",
        "Host key verification failed",
    ]) {
        return ReadError::denied(
            target,
            "ssh refuses: give Portico's user a key the host accepts, and the host's key in known_hosts",
        );
    }
    if has(&[
        "not found",
        "does not appear to be a git repository",
        "does not exist",
        "couldn't find remote ref",
    ]) {
        return ReadError::not_found(target, "check the repository's address and the branch");
    }
    let first = complaint
        .lines()
        .find(|line| line.contains("fatal:"))
        .unwrap_or(complaint);
    ReadError::failed(target, first.trim().trim_start_matches("fatal: "))
}
