//! GitHub: `push` events, signed with HMAC-SHA-256.

use hmac::{Hmac, KeyInit as _, Mac as _};
use portico_config::Secret;
use serde::Deserialize;
use sha2::Sha256;

use super::{WebhookError, short};
use crate::change::{Change, Push, PushHost};

const KEY: &str = "catalog.webhooks.github.secret";
/// GitHub lists at most this many commits of a push.
const MAX_COMMITS: usize = 2048;

#[derive(Deserialize)]
struct PushEvent {
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default)]
    forced: bool,
    #[serde(default)]
    created: bool,
    #[serde(default)]
    commits: Vec<Commit>,
    repository: Repository,
}

#[derive(Deserialize)]
struct Commit {
    #[serde(default)]
    added: Vec<String>,
    #[serde(default)]
    modified: Vec<String>,
    #[serde(default)]
    removed: Vec<String>,
}

#[derive(Deserialize)]
struct Repository {
    html_url: String,
    default_branch: String,
}

/// Checks `X-Hub-Signature-256` over the raw body and reads what a GitHub `X-GitHub-Event` changed.
/// Events other than `push` change nothing.
pub fn github(
    secret: &Secret,
    signature: Option<&str>,
    event: Option<&str>,
    body: &[u8],
) -> Result<Vec<Change>, WebhookError> {
    let unauthorized = || WebhookError::Unauthorized { key: KEY };
    let signature = signature
        .and_then(|it| it.strip_prefix("sha256="))
        .and_then(|it| hex::decode(it).ok());
    let signature = signature.ok_or_else(unauthorized)?;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).map_err(|_| unauthorized())?;
    mac.update(body);
    // Constant in time.
    mac.verify_slice(&signature).map_err(|_| unauthorized())?;
    if event != Some("push") {
        return Ok(Vec::new());
    }
    let push: PushEvent =
        serde_json::from_slice(body).map_err(|error| WebhookError::Malformed(error.to_string()))?;
    Ok(vec![Change::Push(push.into())])
}

impl From<PushEvent> for Push {
    fn from(event: PushEvent) -> Self {
        let reference = short(&event.reference).to_owned();
        // After a forced push the branch may differ in files that no listed commit names.
        let complete = !event.forced && !event.created && event.commits.len() < MAX_COMMITS;
        let paths = complete.then(|| {
            let mut paths: Vec<_> = event
                .commits
                .into_iter()
                .flat_map(|commit| [commit.added, commit.modified, commit.removed])
                .flatten()
                .collect();
            paths.sort_unstable();
            paths.dedup();
            paths
        });
        Self {
            host: PushHost::GitHub,
            is_default: reference == event.repository.default_branch,
            repository: event.repository.html_url,
            reference,
            paths,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "It's a Secret to Everybody";

    fn sign(body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(body);
        format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
    }

    fn push(body: &str) -> Result<Vec<Change>, WebhookError> {
        github(
            &SECRET.into(),
            Some(&sign(body.as_bytes())),
            Some("push"),
            body.as_bytes(),
        )
    }

    fn body(forced: bool) -> String {
        format!(
            r#"{{"ref":"refs/heads/main","forced":{forced},"repository":{{"html_url":"https://github.com/o/r","default_branch":"main"}},
            "commits":[{{"added":["b.yaml"],"modified":["a.yaml"],"removed":[]}},{{"added":[],"modified":["a.yaml"],"removed":["c.yaml"]}}]}}"#
        )
    }

    #[test]
    fn the_signature_githubs_documentation_shows_is_accepted() {
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let changes = github(
            &SECRET.into(),
            Some(signature),
            Some("ping"),
            b"Hello, World!",
        );
        assert_eq!(changes, Ok(Vec::new()));
    }

    #[test]
    fn a_push_lists_its_files_once() {
        let changes = push(&body(false)).unwrap();
        let [Change::Push(push)] = &changes[..] else {
            panic!("{changes:?}")
        };
        assert_eq!(
            push.paths.as_deref().unwrap(),
            ["a.yaml", "b.yaml", "c.yaml"]
        );
        assert_eq!((push.reference.as_str(), push.is_default), ("main", true));
        assert_eq!(push.repository, "https://github.com/o/r");
    }

    #[test]
    fn a_forced_push_may_have_changed_anything() {
        let changes = push(&body(true)).unwrap();
        assert!(matches!(
            &changes[0],
            Change::Push(Push { paths: None, .. })
        ));
    }

    #[test]
    fn wrong_and_missing_signatures_are_refused() {
        let body = body(false);
        let good = sign(body.as_bytes());
        let attempt = |signature: Option<&str>| {
            github(&SECRET.into(), signature, Some("push"), body.as_bytes())
        };
        let refused = Err(WebhookError::Unauthorized { key: KEY });
        assert_eq!(attempt(None), refused);
        assert_eq!(attempt(Some("sha256=")), refused);
        assert_eq!(attempt(Some("sha256=zz")), refused);
        assert_eq!(attempt(Some(&good[..good.len() - 1])), refused);
        assert_eq!(attempt(Some(&good.replace("sha256=", "sha1="))), refused);
        assert_eq!(
            github(&"other".into(), Some(&good), Some("push"), body.as_bytes()),
            refused
        );
        assert!(attempt(Some(&good)).is_ok());
    }

    #[test]
    fn signed_nonsense_is_malformed() {
        for body in ["", "[]", "{}", r#"{"ref":5}"#] {
            assert!(
                matches!(push(body), Err(WebhookError::Malformed(_))),
                "{body}"
            );
        }
    }
}
