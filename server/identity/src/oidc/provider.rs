//! One provider: its configuration, and what is known of it so far. Nothing is asked before
//! somebody signs in, so a provider that is down keeps no portal from starting.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use openidconnect::{
    AuthType, AuthUrl, ClientId, ClientSecret, EndpointNotSet, EndpointSet, IssuerUrl,
    JsonWebKeySet, RedirectUrl, TokenUrl, core::CoreClient,
};
use parking_lot::{Mutex, RwLock};
use portico_config::{Config, ProviderConfig, TokenAuthMethod};
use serde::Deserialize;
use serde_json::Value;

use super::{Claims, SignInError, metadata::Metadata, web::Web};

/// How long a description and keys count before they are asked for again.
const FRESH: Duration = Duration::from_hours(1);

/// How long one that is down is left alone, while what it said before counts.
const AGAIN: Duration = Duration::from_secs(30);

/// How often a key that nobody knows may have the keys asked for again.
const FORCED: Duration = Duration::from_secs(30);

/// A client that can send people to the provider and ask it for tokens.
pub(super) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointNotSet,
>;

pub(super) struct Provider {
    pub(super) config: ProviderConfig,
    pub(super) web: Web,
    /// Where the provider sends browsers back to.
    callback_url: String,
    metadata: RwLock<Option<Known<Metadata>>>,
    keys: RwLock<Option<Known<Keys>>>,
    /// When a key that nobody knew had the keys asked for.
    forced: Mutex<Option<Instant>>,
}

struct Known<T> {
    value: Arc<T>,
    until: Instant,
}

/// The keys that a provider signs with, as it publishes them.
#[derive(Debug, Deserialize)]
pub(super) struct Keys {
    pub(super) keys: Vec<Value>,
}

impl Keys {
    fn has(&self, kid: Option<&str>) -> bool {
        kid.is_none_or(|kid| self.keys.iter().any(|key| key["kid"] == kid))
    }
}

impl Provider {
    pub(super) fn new(config: ProviderConfig, web: Web, portal: &Config) -> Self {
        let callback_url = config.callback_url.clone().unwrap_or_else(|| {
            let base = portal.portal_url();
            format!("{base}/api/auth/{}/handler/frame", config.id())
        });
        Self {
            config,
            web,
            callback_url,
            metadata: RwLock::default(),
            keys: RwLock::default(),
            forced: Mutex::default(),
        }
    }

    /// What the provider says of itself. What was known before counts while it is down.
    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, SignInError> {
        if let Some(known) = fresh(&self.metadata) {
            return Ok(known);
        }
        let url = &self.config.metadata_url;
        let read = self.web.get::<Metadata>(url).await;
        keep(&self.metadata, read.and_then(|it| it.checked(url)))
    }

    /// The keys of the provider, which hold the key `kid` when the provider has it.
    pub(super) async fn keys(&self, kid: Option<&str>) -> Result<Arc<Keys>, SignInError> {
        if let Some(known) = fresh::<Keys>(&self.keys)
            && (known.has(kid) || !self.may_force())
        {
            return Ok(known);
        }
        let metadata = self.metadata().await?;
        let read = self.web.get(&metadata.jwks_uri).await;
        keep(&self.keys, read)
    }

    /// Whoever sends tokens with made-up keys must not have the provider asked each time.
    fn may_force(&self) -> bool {
        let mut forced = self.forced.lock();
        if forced.is_some_and(|at| at.elapsed() < FORCED) {
            return false;
        }
        *forced = Some(Instant::now());
        true
    }

    /// The keys that may sign a token with these claims: in a set of many tenants, those of
    /// which the provider says that the tenant's tokens are signed with them.
    pub(super) async fn keys_for(
        &self,
        claims: &Claims,
        kid: Option<&str>,
    ) -> Result<Vec<Value>, SignInError> {
        let keys = self.keys(kid).await?;
        if !self.metadata().await?.is_of_many_tenants() {
            return Ok(keys.keys.clone());
        }
        let tenant = claims.tid.as_deref().unwrap_or_default();
        let signs = |key: &&Value| {
            let issuer = key["issuer"].as_str();
            let issuer = issuer.and_then(|it| super::metadata::in_tenant(it, tenant));
            issuer.is_some_and(|it| it == claims.iss)
        };
        Ok(keys.keys.iter().filter(signs).cloned().collect())
    }

    /// A client of the protocol.
    pub(super) async fn client(&self) -> Result<Client, SignInError> {
        let metadata = self.metadata().await?;
        let wrong = |error: url::ParseError| {
            SignInError::Unavailable(format!("its description has a wrong address: {error}"))
        };
        let config = &self.config;
        let mut client = CoreClient::new(
            ClientId::new(config.client_id.clone()),
            IssuerUrl::new(metadata.issuer.clone()).map_err(wrong)?,
            JsonWebKeySet::new(Vec::new()),
        );
        if let Some(secret) = &config.client_secret {
            client = client.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
        }
        let client = client
            .set_auth_type(self.auth_type(&metadata))
            .set_redirect_uri(RedirectUrl::new(self.callback_url.clone()).map_err(wrong)?)
            .set_auth_uri(AuthUrl::new(metadata.authorization_endpoint.clone()).map_err(wrong)?)
            .set_token_uri(TokenUrl::new(metadata.token_endpoint.clone()).map_err(wrong)?);
        Ok(client)
    }

    fn auth_type(&self, metadata: &Metadata) -> AuthType {
        let supported = &metadata.token_endpoint_auth_methods_supported;
        let basic = supported.is_empty() || supported.iter().any(|it| it == "client_secret_basic");
        match self.config.token_auth_method {
            Some(TokenAuthMethod::Post) => AuthType::RequestBody,
            None if !basic => AuthType::RequestBody,
            Some(TokenAuthMethod::Basic) | None => AuthType::BasicAuth,
        }
    }
}

fn fresh<T>(place: &RwLock<Option<Known<T>>>) -> Option<Arc<T>> {
    let known = place.read();
    let known = known.as_ref().filter(|it| Instant::now() < it.until)?;
    Some(Arc::clone(&known.value))
}

/// Keeps what was read; what was known before counts on when it was not.
fn keep<T>(
    place: &RwLock<Option<Known<T>>>,
    read: Result<T, SignInError>,
) -> Result<Arc<T>, SignInError> {
    let mut known = place.write();
    match (read, known.as_mut()) {
        (Ok(value), _) => {
            let value = Arc::new(value);
            *known = Some(Known {
                value: Arc::clone(&value),
                until: Instant::now() + FRESH,
            });
            Ok(value)
        }
        (Err(error), Some(before)) => {
            tracing::warn!(%error, "a sign-in provider is not reached; what it said before counts");
            before.until = Instant::now() + AGAIN;
            Ok(Arc::clone(&before.value))
        }
        (Err(error), None) => Err(error),
    }
}
