//! Sign-in with OpenID Connect providers: authorization code with PKCE, and what follows.

mod claims;
mod error;
mod exchange;
mod finish;
mod groups;
mod metadata;
mod pending;
mod provider;
mod renew;
mod sign_out;
mod start;
mod verify;
mod web;
mod workload;

use portico_config::Config;
use portico_store::Millis;
use quick_cache::sync::Cache;
use uuid::Uuid;

pub(crate) use claims::Claims;
pub use error::SignInError;
pub use finish::{Browser, FinishedSignIn, SignInAnswer};
pub use start::BegunSignIn;

use provider::Provider;

/// How long this process leaves a session alone that was not renewed.
const AGAIN: Millis = 60_000;

const CAPACITY: usize = 10_000;

/// The configured providers.
pub(crate) struct Oidc {
    providers: Vec<Provider>,
    /// When sessions may be renewed next.
    renewals: Cache<Uuid, Millis>,
}

impl Oidc {
    pub(crate) fn new(config: &Config) -> Self {
        let unknown = config.configured_url().is_none();
        if unknown && !config.auth.providers.is_empty() {
            tracing::warn!(
                "app.baseUrl is not set: sign-in providers are told to send browsers back to {}",
                config.portal_url()
            );
        }
        let web = web::Web::new();
        let providers = config.auth.providers.iter();
        let providers =
            providers.map(|provider| Provider::new(provider.clone(), web.clone(), config));
        Self {
            providers: providers.collect(),
            renewals: Cache::new(CAPACITY),
        }
    }

    fn provider(&self, id: &str) -> Result<&Provider, SignInError> {
        let found = self.providers.iter().find(|it| it.config.id() == id);
        found.ok_or_else(|| SignInError::NoProvider(id.chars().take(40).collect()))
    }

    fn providers(&self) -> &[Provider] {
        &self.providers
    }

    /// Whether no request of this process tried a moment ago.
    fn may_renew(&self, session: Uuid, now: Millis) -> bool {
        let may = self.renewals.get(&session).is_none_or(|next| next <= now);
        if may {
            self.renewals.insert(session, now + AGAIN);
        }
        may
    }

    fn renewed(&self, session: Uuid) {
        self.renewals.remove(&session);
    }
}
