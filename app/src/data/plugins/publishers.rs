//! Publisher keys, for those who keep them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Json, UiError};

/// The page of publisher keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishersView {
    /// By publisher.
    pub keys: Vec<KeyRow>,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// A publisher's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// 16 hexadecimal digits.
    pub id: String,
    /// Whose it is.
    pub publisher: String,
    /// The namespaces they publish into; all when empty.
    pub namespaces: Vec<String>,
    /// Who trusted it, and when.
    pub added: Option<(String, i64)>,
    /// Why it is not trusted any more.
    pub revoked: Option<String>,
    /// Who revoked it, and when.
    pub revoked_by: Option<(String, i64)>,
}

/// A key, as it is entered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInput {
    /// Whose it is.
    pub publisher: String,
    /// A public key file of minisign's, or its second line.
    pub key: String,
    /// The namespaces, with commas or spaces between.
    pub namespaces: String,
}

/// Every key.
#[server(prefix = "/_ui", endpoint = "publisher-keys", input = Json, output = Json)]
pub async fn load_publishers() -> Result<PublishersView, UiError> {
    let context = crate::data::server_context()?;
    let keys = context.plugins()?.known_keys(&context.principal).await?;
    let keys = keys.into_iter().map(|it| KeyRow {
        id: it.id,
        publisher: it.key.publisher,
        namespaces: it.key.namespaces,
        added: it.added.map(|it| (it.by, it.at)),
        revoked: it.key.revoked,
        revoked_by: it.revoked_by.map(|it| (it.by, it.at)),
    });
    Ok(PublishersView {
        keys: keys.collect(),
        now: crate::data::now_millis(),
    })
}

/// Trusts a key, unless something is wrong with it: then answers with fields and what is wrong
/// there.
#[server(prefix = "/_ui", endpoint = "trust-publisher-key", input = Json, output = Json)]
pub async fn trust_key(input: KeyInput) -> Result<Vec<(String, String)>, UiError> {
    let context = crate::data::server_context()?;
    let (plugins, who) = (context.plugins()?, &context.principal);
    let separators = |it: char| it == ',' || it.is_whitespace();
    let namespaces = input
        .namespaces
        .split(separators)
        .filter(|it| !it.is_empty());
    let key = portico_plugins::package::PublisherKey {
        publisher: input.publisher.trim().to_owned(),
        key: portico_plugins::key_line(&input.key),
        namespaces: namespaces.map(str::to_owned).collect(),
        revoked: None,
    };
    let problems = plugins.key_problems(who, &key).await?;
    if problems.is_empty() {
        plugins.put_publisher_key(who, &key).await?;
    }
    Ok(super::field_problems(problems))
}

/// Trusts a key no more.
#[server(prefix = "/_ui", endpoint = "revoke-publisher-key", input = Json, output = Json)]
pub async fn revoke_key(id: String, reason: String) -> Result<(), UiError> {
    let context = crate::data::server_context()?;
    let (plugins, who) = (context.plugins()?, &context.principal);
    Ok(plugins.revoke_publisher_key(who, &id, &reason).await?)
}
