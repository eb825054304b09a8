//! `http`: connections by name, signed in.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use portico_catalog::Catalog;
use portico_plugin_host::{Answer, CapabilityError, Connection, PluginKey};
use url::Url;

use super::unavailable;
use crate::connections::{ConnectionAuth, ConnectionSpec};

pub(crate) struct Connections {
    catalog: Catalog,
}

impl Connections {
    pub(crate) fn new(catalog: Catalog) -> Self {
        Self { catalog }
    }

    fn signed_in(&self, name: &str, spec: &ConnectionSpec) -> Answer<Connection> {
        let broken = |what: &str| CapabilityError::Unavailable(format!("connection {name} {what}"));
        let base_url = Url::parse(&spec.base_url).map_err(|_| broken("has no valid base URL"))?;
        let mut headers = HeaderMap::new();
        if let Some((header, value)) = self.credentials(&spec.auth) {
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

    fn credentials(&self, auth: &ConnectionAuth) -> Option<(HeaderName, String)> {
        let secret = self.catalog.config().plugins.secrets.get(auth.secret()?)?;
        let secret = secret.expose();
        Some(match auth {
            ConnectionAuth::None => return None,
            ConnectionAuth::Bearer { .. } => (AUTHORIZATION, format!("Bearer {secret}")),
            ConnectionAuth::Basic { username, .. } => {
                let pair = STANDARD.encode(format!("{username}:{secret}"));
                (AUTHORIZATION, format!("Basic {pair}"))
            }
            ConnectionAuth::Header { name, .. } => {
                (HeaderName::try_from(name).ok()?, secret.to_owned())
            }
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
        self.signed_in(name, &spec)
    }
}
