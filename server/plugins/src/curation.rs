//! What the platform team keeps: publisher keys and connections.

use portico_access::{Action, Principal, Resource};
use portico_plugin_package::PublisherKey;
use portico_store::PublisherKeyRow;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use crate::{PluginError, Plugins, error::Result, view};

/// Where plugins may send requests, and how the host signs in there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectionSpec {
    /// Requests stay below it.
    pub base_url: String,
    /// How to sign in.
    #[serde(default)]
    pub auth: ConnectionAuth,
    /// Whether the other side may have an address of a private network.
    #[serde(default)]
    pub allow_private: bool,
}

/// How to sign in. Secrets are named, and stay in `plugins.secrets` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ConnectionAuth {
    /// Not at all.
    #[default]
    None,
    /// `Authorization: Bearer …`.
    Bearer {
        /// The name of the secret.
        secret: String,
    },
    /// `Authorization: Basic …`.
    Basic {
        /// The user name; empty for personal access tokens of Azure DevOps.
        username: String,
        /// The name of the secret.
        secret: String,
    },
    /// A header of its own.
    Header {
        /// Its name.
        name: String,
        /// The name of the secret.
        secret: String,
    },
}

impl ConnectionAuth {
    /// The name of the secret it needs.
    pub fn secret(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Bearer { secret } | Self::Basic { secret, .. } | Self::Header { secret, .. } => {
                Some(secret)
            }
        }
    }
}

impl Plugins {
    /// Every connection, by name.
    pub async fn connections(&self, who: &Principal) -> Result<Vec<(String, ConnectionSpec)>> {
        self.require(who, Action::PluginRead, &Resource::Any)?;
        let rows = self.store().connections().await?;
        rows.into_iter()
            .map(|(name, spec)| Ok((name, view::decode(&spec)?)))
            .collect()
    }

    /// Adds a connection, or changes it.
    pub async fn put_connection(
        &self,
        who: &Principal,
        name: &str,
        spec: &ConnectionSpec,
    ) -> Result<()> {
        let resource = Resource::Connection(name);
        let audit = self.allowed(who, Action::PluginManage, &resource, json!(spec))?;
        let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        if name.is_empty() || name.len() > 63 || !name.chars().all(fits) {
            return Err(PluginError::Input(
                "the name of a connection has up to 63 lower-case letters, digits and hyphens"
                    .to_owned(),
            ));
        }
        let url = Url::parse(&spec.base_url)
            .map_err(|error| PluginError::Input(format!("`baseUrl` is not a URL: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() {
            return Err(PluginError::Input(
                "`baseUrl` begins with https:// (or http://) and names no user".to_owned(),
            ));
        }
        let known = &self.catalog().config().plugins.secrets;
        if let Some(secret) = spec.auth.secret().filter(|name| !known.contains_key(*name)) {
            return Err(PluginError::Input(format!(
                "there is no secret `{secret}`: add it to plugins.secrets in portico.yaml"
            )));
        }
        let spec = view::encode(spec)?;
        Ok(self.store().put_connection(name, &spec, &audit).await?)
    }

    /// Removes a connection; plugins that use it are answered `not-found` from then on.
    pub async fn remove_connection(&self, who: &Principal, name: &str) -> Result<()> {
        let resource = Resource::Connection(name);
        let details = json!({"change": "remove"});
        let audit = self.allowed(who, Action::PluginManage, &resource, details)?;
        match self.store().remove_connection(name, &audit).await? {
            true => Ok(()),
            false => Err(PluginError::NotFound(format!("connection {name}"))),
        }
    }

    /// Every publisher's key, revoked ones too.
    pub async fn publisher_keys(&self, who: &Principal) -> Result<Vec<PublisherKey>> {
        self.require(who, Action::PluginRead, &Resource::Any)?;
        let rows = self.store().publisher_keys().await?;
        rows.into_iter().map(publisher_key).collect()
    }

    /// Trusts a key, or revokes it (when `key.revoked` says why).
    pub async fn put_publisher_key(&self, who: &Principal, key: &PublisherKey) -> Result<()> {
        let id = key.id().ok_or_else(|| {
            PluginError::Input(
                "`key` is not a minisign public key: paste the second line of the file".to_owned(),
            )
        })?;
        let id = id.to_string();
        let resource = Resource::PublisherKey(&id);
        let audit = self.allowed(who, Action::PluginManage, &resource, json!(key))?;
        let row = PublisherKeyRow {
            id: id.clone(),
            publisher: key.publisher.clone(),
            key: key.key.clone(),
            namespaces: view::encode(&key.namespaces)?,
            revoked: key.revoked.clone(),
        };
        Ok(self.store().put_publisher_key(&row, &audit).await?)
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
