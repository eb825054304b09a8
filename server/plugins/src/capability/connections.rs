//! `http`: connections by name, signed in.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use portico_catalog::Catalog;
use portico_plugin_host::{Answer, CapabilityError, Connection, PluginKey};
use url::Url;

use super::{identities::Identities, unavailable};
use crate::connections::{ConnectionAuth, ConnectionSpec};

pub(crate) struct Connections {
    catalog: Catalog,
    identities: Identities,
}

impl Connections {
    pub(crate) fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            identities: Identities::default(),
        }
    }

    async fn signed_in(&self, name: &str, spec: &ConnectionSpec) -> Answer<Connection> {
        let broken = |what: &str| CapabilityError::Unavailable(format!("connection {name} {what}"));
        let base_url = Url::parse(&spec.base_url).map_err(|_| broken("has no valid base URL"))?;
        let mut headers = HeaderMap::new();
        if let Some((header, value)) = self.credentials(&spec.auth, &base_url).await? {
            let mut value = HeaderValue::try_from(value)
                .map_err(|_| broken("has a secret that no header can carry"))?;
            value.set_sensitive(true);
            headers.insert(header, value);
        } else if spec.auth != ConnectionAuth::None {
            return Err(broken("has a secret or a header that is not configured"));
        }
        Ok(Connection {
            base_url,
            headers,
            allow_private: spec.allow_private,
        })
    }

    /// The header that signs in; `None` where something is not configured.
    async fn credentials(
        &self,
        auth: &ConnectionAuth,
        base_url: &Url,
    ) -> Answer<Option<(HeaderName, String)>> {
        let bearer = |token: &str| Some((AUTHORIZATION, format!("Bearer {token}")));
        let secrets = &self.catalog.config().plugins.secrets;
        let secret = auth.secret().and_then(|name| secrets.get(name));
        let secret = secret.map(portico_config::Secret::expose);
        Ok(match (auth, secret) {
            (ConnectionAuth::Bearer { .. }, Some(secret)) => bearer(secret),
            (ConnectionAuth::Basic { username, .. }, Some(secret)) => {
                let pair = STANDARD.encode(format!("{username}:{secret}"));
                Some((AUTHORIZATION, format!("Basic {pair}")))
            }
            (ConnectionAuth::Header { name, .. }, Some(secret)) => HeaderName::try_from(name)
                .ok()
                .map(|name| (name, secret.to_owned())),
            (ConnectionAuth::ManagedIdentity { client_id, scope }, _) => {
                let token = self.identities.token(client_id.as_deref(), scope).await;
                bearer(&token.map_err(|error| unavailable(&error))?)
            }
            (ConnectionAuth::GitHubApp { owner }, _) => {
                let integrations = self.catalog.sources().integrations();
                let token = integrations.github_token(base_url, owner).await;
                let token = token.map_err(|error| unavailable(&error))?;
                token.and_then(|token| bearer(token.expose()))
            }
            _ => None,
        })
    }
}

#[async_trait]
impl portico_plugin_host::Connections for Connections {
    async fn connection(&self, _: &PluginKey, name: &str) -> Answer<Connection> {
        let rows = self.catalog.store().connections().await;
        let rows = rows.map_err(|error| unavailable(&error))?;
        let found = rows.into_iter().find(|(known, _)| known == name);
        let Some((_, spec)) = found else {
            return Err(CapabilityError::NotFound(format!("connection {name}")));
        };
        let spec: ConnectionSpec =
            serde_json::from_str(&spec).map_err(|error| unavailable(&error))?;
        self.signed_in(name, &spec).await
    }
}
