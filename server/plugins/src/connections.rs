//! Connections, which the platform team keeps: where plugins may send requests.

use std::collections::BTreeSet;

use http::HeaderName;
use portico_access::{Action, Principal, Resource};
use portico_plugin_host::Grants;
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
    /// A token of a managed identity of Azure.
    ManagedIdentity {
        /// Client id of a user-assigned identity; `None` is the machine's own.
        #[serde(default, rename = "clientId", skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
        /// What the token is for: `https://management.azure.com/.default`.
        scope: String,
    },
    /// A token of a GitHub App of `integrations.github`, at the host that `base_url` leads to.
    #[serde(rename = "github-app")]
    GitHubApp {
        /// The organisation or user that installed it.
        owner: String,
    },
}

impl ConnectionAuth {
    /// The name of the secret it needs.
    pub fn secret(&self) -> Option<&str> {
        match self {
            Self::None | Self::ManagedIdentity { .. } | Self::GitHubApp { .. } => None,
            Self::Bearer { secret } | Self::Basic { secret, .. } | Self::Header { secret, .. } => {
                Some(secret)
            }
        }
    }
}

/// A connection, and who depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionUse {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub spec: ConnectionSpec,
    /// The plugins with an approved version that may use it.
    pub used_by: Vec<String>,
}

/// What is wrong with one field of something that was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// Which: `name`, `baseUrl`, `auth.secret`, ….
    pub field: &'static str,
    /// What, and how to fix it.
    pub message: String,
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

    /// Every connection with the plugins that may use it, for those who keep them.
    pub async fn connection_uses(&self, who: &Principal) -> Result<Vec<ConnectionUse>> {
        self.require(who, Action::PluginManage, &Resource::Any)?;
        let mut granted = BTreeSet::new();
        for row in self.store().plugin_versions(None).await? {
            let grants = row.grants.filter(|_| row.status == "approved");
            let grants: Option<Grants> = grants.map(|it| view::decode(&it)).transpose()?;
            let names = grants
                .and_then(|it| it.http)
                .unwrap_or_default()
                .connections;
            granted.extend(names.into_iter().map(|name| (name, row.plugin_id.clone())));
        }
        let connections = self.connections(who).await?.into_iter();
        let uses = connections.map(|(name, spec)| {
            let own = granted.iter().filter(|(granted, _)| *granted == name);
            ConnectionUse {
                used_by: own.map(|(_, plugin)| plugin.clone()).collect(),
                name,
                spec,
            }
        });
        Ok(uses.collect())
    }

    /// The names of the secrets that the configuration has. Their values go nowhere.
    pub fn secret_names(&self, who: &Principal) -> Result<Vec<String>> {
        self.require(who, Action::PluginManage, &Resource::Any)?;
        let secrets = &self.catalog().config().plugins.secrets;
        Ok(secrets.keys().cloned().collect())
    }

    /// What is wrong with a connection, if anything.
    pub fn connection_problems(
        &self,
        who: &Principal,
        name: &str,
        spec: &ConnectionSpec,
    ) -> Result<Vec<FieldProblem>> {
        self.require(who, Action::PluginManage, &Resource::Connection(name))?;
        let known = &self.catalog().config().plugins.secrets;
        Ok(problems(name, spec, |secret| known.contains_key(secret)))
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
        if let Some(problem) = self
            .connection_problems(who, name, spec)?
            .into_iter()
            .next()
        {
            return Err(PluginError::Input(problem.message));
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
}

fn problems(
    name: &str,
    spec: &ConnectionSpec,
    is_secret: impl Fn(&str) -> bool,
) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut wrong = |field, message: String| problems.push(FieldProblem { field, message });
    let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    if name.is_empty() || name.len() > 63 || !name.chars().all(fits) {
        let message =
            "the name of a connection has up to 63 lower-case letters, digits and hyphens";
        wrong("name", message.to_owned());
    }
    match Url::parse(&spec.base_url) {
        Err(error) => wrong("baseUrl", format!("`baseUrl` is not a URL: {error}")),
        Ok(url) if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() => {
            let message = "`baseUrl` begins with https:// (or http://) and names no user";
            wrong("baseUrl", message.to_owned());
        }
        Ok(_) => {}
    }
    match &spec.auth {
        ConnectionAuth::Header { name, .. } if HeaderName::try_from(name).is_err() => {
            let message = format!("`{name}` is not the name of a header, such as X-Api-Key");
            wrong("auth.name", message);
        }
        ConnectionAuth::ManagedIdentity { scope, .. } if !scope.ends_with("/.default") => {
            let message = "the scope is the resource and /.default, such as \
                           https://management.azure.com/.default";
            wrong("auth.scope", message.to_owned());
        }
        ConnectionAuth::GitHubApp { owner } if owner.is_empty() => {
            let message = "name the organisation or user that installed the app";
            wrong("auth.owner", message.to_owned());
        }
        _ => {}
    }
    match spec.auth.secret() {
        Some("") => wrong(
            "auth.secret",
            "choose the secret to sign in with".to_owned(),
        ),
        Some(secret) if !is_secret(secret) => wrong(
            "auth.secret",
            format!("there is no secret `{secret}`: add it to plugins.secrets in portico.yaml"),
        ),
        _ => {}
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(name: &str, base_url: &str, auth: ConnectionAuth) -> Vec<&'static str> {
        let spec = ConnectionSpec {
            base_url: base_url.to_owned(),
            auth,
            allow_private: false,
        };
        let problems = problems(name, &spec, |secret| secret == "token");
        problems.into_iter().map(|it| it.field).collect()
    }

    #[test]
    fn every_wrong_field_is_named() {
        let bearer = |secret: &str| ConnectionAuth::Bearer {
            secret: secret.to_owned(),
        };
        let good = "https://cmdb.example.com/api";
        assert_eq!(fields("cmdb", good, bearer("token")), [""; 0]);
        assert_eq!(fields("cmdb", good, ConnectionAuth::None), [""; 0]);
        assert_eq!(fields("Cmdb", good, bearer("")), ["name", "auth.secret"]);
        assert_eq!(fields("cmdb", good, bearer("other")), ["auth.secret"]);
        for url in [
            "",
            "cmdb.example.com",
            "ftp://a.example",
            "https://u@a.example",
        ] {
            assert_eq!(
                fields("cmdb", url, ConnectionAuth::None),
                ["baseUrl"],
                "{url}"
            );
        }
        let header = ConnectionAuth::Header {
            name: "X Api Key".to_owned(),
            secret: "token".to_owned(),
        };
        assert_eq!(fields("cmdb", good, header), ["auth.name"]);
        let identity = ConnectionAuth::ManagedIdentity {
            client_id: None,
            scope: "https://management.azure.com".to_owned(),
        };
        assert_eq!(fields("azure", good, identity), ["auth.scope"]);
        let owner = String::new();
        assert_eq!(
            fields("github", good, ConnectionAuth::GitHubApp { owner }),
            ["auth.owner"]
        );
    }
}
