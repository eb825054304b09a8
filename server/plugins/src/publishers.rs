//! Publisher keys, which the platform team keeps: whose signatures count.

use portico_access::{Action, Principal, Resource};
use portico_plugin_package::PublisherKey;
use portico_store::{AuditEvent, AuditFilter, Millis, PublisherKeyRow};
use serde::Serialize;
use serde_json::json;

use crate::{FieldProblem, PluginError, Plugins, error::Result, view};

/// The most audit events of one key that are looked at.
const MAX_EVENTS: usize = 1_000;

/// A key, and what the audit log says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownKey {
    /// Tells keys apart; 16 hexadecimal digits.
    pub id: String,
    /// The key.
    #[serde(flatten)]
    pub key: PublisherKey,
    /// Who trusted it first.
    pub added: Option<Deed>,
    /// Who revoked it.
    pub revoked_by: Option<Deed>,
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deed {
    /// Who.
    pub by: String,
    /// When.
    pub at: Millis,
}

impl Plugins {
    /// Every publisher's key, revoked ones too.
    pub async fn publisher_keys(&self, who: &Principal) -> Result<Vec<PublisherKey>> {
        self.require(who, Action::PluginRead, &Resource::Any)?;
        let rows = self.store().publisher_keys().await?;
        rows.into_iter().map(publisher_key).collect()
    }

    /// Every key with who trusted and who revoked it, for those who keep them.
    pub async fn known_keys(&self, who: &Principal) -> Result<Vec<KnownKey>> {
        self.require(who, Action::PluginManage, &Resource::Any)?;
        let mut keys = Vec::new();
        for row in self.store().publisher_keys().await? {
            let filter = AuditFilter {
                resource: Some(Resource::PublisherKey(&row.id).label()),
                ..AuditFilter::default()
            };
            let (mut events, _) = self.store().audit_events(&filter, 0, MAX_EVENTS).await?;
            events.retain(|event| event.decision == "allow");
            let revocation = row.revoked.as_ref().and_then(|_| {
                let revokes = |it: &&AuditEvent| it.details.get("revoked").is_some();
                events.iter().find(revokes)
            });
            keys.push(KnownKey {
                added: events.last().map(deed),
                revoked_by: revocation.map(deed),
                id: row.id.clone(),
                key: publisher_key(row)?,
            });
        }
        Ok(keys)
    }

    /// What is wrong with a key that is to be trusted, if anything.
    pub async fn key_problems(
        &self,
        who: &Principal,
        key: &PublisherKey,
    ) -> Result<Vec<FieldProblem>> {
        self.require(who, Action::PluginManage, &Resource::Any)?;
        let mut problems = problems(key);
        let id = key.id().map(|id| id.to_string());
        let rows = self.store().publisher_keys().await?;
        if let Some(known) = rows.into_iter().find(|row| Some(&row.id) == id.as_ref()) {
            problems.push(FieldProblem {
                field: "key",
                message: match known.revoked {
                    Some(_) => format!("{} was revoked: ask for a new key", known.id),
                    None => format!("{} is on the list already", known.id),
                },
            });
        }
        Ok(problems)
    }

    /// Trusts a key, or revokes it (when `key.revoked` says why).
    pub async fn put_publisher_key(&self, who: &Principal, key: &PublisherKey) -> Result<()> {
        let key = &PublisherKey {
            key: key_line(&key.key),
            ..key.clone()
        };
        let id = key.id().map(|id| id.to_string()).unwrap_or_default();
        let resource = Resource::PublisherKey(&id);
        let audit = self.allowed(who, Action::PluginManage, &resource, json!(key))?;
        if let Some(problem) = problems(key).into_iter().next() {
            return Err(PluginError::Input(problem.message));
        }
        let row = PublisherKeyRow {
            id: id.clone(),
            publisher: key.publisher.clone(),
            key: key.key.clone(),
            namespaces: view::encode(&key.namespaces)?,
            revoked: key.revoked.clone(),
        };
        Ok(self.store().put_publisher_key(&row, &audit).await?)
    }

    /// Trusts a key no more; files it has signed are refused from then on.
    pub async fn revoke_publisher_key(
        &self,
        who: &Principal,
        id: &str,
        reason: &str,
    ) -> Result<()> {
        self.require(who, Action::PluginManage, &Resource::PublisherKey(id))?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(PluginError::Input(
                "say why it is not trusted any more".to_owned(),
            ));
        }
        let rows = self.store().publisher_keys().await?;
        let row = rows.into_iter().find(|row| row.id == id);
        let row = row.ok_or_else(|| PluginError::NotFound(format!("publisher key {id}")))?;
        let mut key = publisher_key(row)?;
        key.revoked = Some(reason.to_owned());
        self.put_publisher_key(who, &key).await
    }
}

/// The key in a public key file of minisign's, of which people paste one line or both.
pub fn key_line(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next_back().unwrap_or_default().to_owned()
}

fn problems(key: &PublisherKey) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut wrong = |field, message: &str| {
        let message = message.to_owned();
        problems.push(FieldProblem { field, message });
    };
    if key.publisher.trim().is_empty() {
        let message = "name the publisher as it is in the manifests of its plugins";
        wrong("publisher", message);
    }
    if key.id().is_none() {
        let message = "`key` is not a minisign public key: paste the second line of the file";
        wrong("key", message);
    }
    problems
}

fn deed(event: &AuditEvent) -> Deed {
    Deed {
        by: event.principal.clone(),
        at: event.at,
    }
}

/// A key as the package knows it.
pub(crate) fn publisher_key(row: PublisherKeyRow) -> Result<PublisherKey> {
    Ok(PublisherKey {
        publisher: row.publisher,
        key: row.key,
        namespaces: view::decode(&row.namespaces)?,
        revoked: row.revoked,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    fn fields(publisher: &str, key: &str) -> Vec<&'static str> {
        let key = PublisherKey {
            publisher: publisher.to_owned(),
            key: key_line(key),
            namespaces: Vec::new(),
            revoked: None,
        };
        problems(&key).into_iter().map(|it| it.field).collect()
    }

    #[test]
    fn a_line_or_the_whole_file_is_a_key() {
        assert_eq!(fields("contoso", KEY), [""; 0]);
        let file = format!("untrusted comment: minisign public key\n{KEY}\n\n");
        assert_eq!(fields("contoso", &file), [""; 0]);
        assert_eq!(fields(" ", "untrusted comment: x\n"), ["publisher", "key"]);
    }
}
