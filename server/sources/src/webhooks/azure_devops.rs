//! Azure DevOps service hooks: `git.push` events with HTTP Basic credentials.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use portico_config::Secret;
use serde::Deserialize;
use sha2::Sha256;

use super::{WebhookError, short};
use crate::change::{Change, Push, PushHost};

const KEY: &str = "catalog.webhooks.azureDevOps";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event_type: String,
    resource: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PushResource {
    ref_updates: Vec<RefUpdate>,
    repository: Repository,
}

#[derive(Deserialize)]
struct RefUpdate {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository {
    remote_url: String,
    default_branch: Option<String>,
}

/// Checks the `Authorization: Basic` header and reads what an Azure DevOps service hook changed.
/// Events other than `git.push` change nothing. The host does not say which files a push
/// changed: each branch counts as a whole.
pub fn azure_devops(
    username: &str,
    password: &Secret,
    authorization: Option<&str>,
    body: &[u8],
) -> Result<Vec<Change>, WebhookError> {
    let unauthorized = || WebhookError::Unauthorized { key: KEY };
    let given = authorization
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .ok_or_else(unauthorized)?;
    let expected = format!("{username}:{}", password.expose());
    if !same(&given, expected.as_bytes()) {
        return Err(unauthorized());
    }
    let malformed = |error: serde_json::Error| WebhookError::Malformed(error.to_string());
    let event: Event = serde_json::from_slice(body).map_err(malformed)?;
    if event.event_type != "git.push" {
        return Ok(Vec::new());
    }
    let resource = event.resource.unwrap_or_default();
    let push = PushResource::deserialize(resource).map_err(malformed)?;
    let Repository {
        remote_url,
        default_branch,
    } = push.repository;
    let change = |update: RefUpdate| {
        Change::Push(Push {
            host: PushHost::AzureDevOps,
            repository: remote_url.clone(),
            reference: short(&update.name).to_owned(),
            is_default: default_branch.as_deref() == Some(update.name.as_str()),
            paths: None,
        })
    };
    Ok(push.ref_updates.into_iter().map(change).collect())
}

/// Compares in constant time, whatever the lengths: both sides under one key.
fn same(given: &[u8], expected: &[u8]) -> bool {
    let tag = |text: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"compare").ok()?;
        mac.update(text);
        Some(mac)
    };
    match (tag(given), tag(expected)) {
        (Some(given), Some(expected)) => given
            .verify_slice(&expected.finalize().into_bytes())
            .is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUSH: &str = r#"{"eventType":"git.push","resource":{
        "refUpdates":[{"name":"refs/heads/main","oldObjectId":"a","newObjectId":"b"},{"name":"refs/heads/dev"}],
        "repository":{"id":"1","name":"repo","defaultBranch":"refs/heads/main",
        "remoteUrl":"https://dev.azure.com/org/proj/_git/repo"}}}"#;

    fn hook(authorization: Option<&str>, body: &str) -> Result<Vec<Change>, WebhookError> {
        azure_devops("portico", &"pa:ss".into(), authorization, body.as_bytes())
    }

    fn basic(credentials: &str) -> String {
        format!("Basic {}", STANDARD.encode(credentials))
    }

    #[test]
    fn a_push_counts_for_each_branch() {
        let changes = hook(Some(&basic("portico:pa:ss")), PUSH).unwrap();
        assert_eq!(changes.len(), 2);
        let main = "https://dev.azure.com/org/proj/_git/repo?path=/a.yaml";
        assert!(changes[0].affects("url", main));
        assert!(!changes[1].affects("url", main));
        assert!(changes[1].affects("url", &format!("{main}&version=GBdev")));
    }

    #[test]
    fn other_events_change_nothing() {
        let body = r#"{"eventType":"workitem.created","resource":{}}"#;
        assert_eq!(hook(Some(&basic("portico:pa:ss")), body), Ok(Vec::new()));
    }

    #[test]
    fn wrong_and_missing_credentials_are_refused() {
        let refused = Err(WebhookError::Unauthorized { key: KEY });
        for authorization in [
            basic("portico:wrong"),
            basic("other:pa:ss"),
            basic(""),
            "Bearer portico:pa:ss".to_owned(),
            "Basic ???".to_owned(),
            "Basic".to_owned(),
        ] {
            assert_eq!(hook(Some(&authorization), PUSH), refused, "{authorization}");
        }
        assert_eq!(hook(None, PUSH), refused);
    }

    #[test]
    fn nonsense_is_malformed() {
        for body in ["", "[]", "{}", r#"{"eventType":"git.push"}"#] {
            let result = hook(Some(&basic("portico:pa:ss")), body);
            assert!(
                matches!(result, Err(WebhookError::Malformed(_))),
                "{body}: {result:?}"
            );
        }
    }
}
