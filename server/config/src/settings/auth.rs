//! `auth`: how people sign in, and for how long.

mod providers;

use std::time::Duration;

use crate::reader::Reader;

pub use providers::{
    GroupClaims, Membership, ProviderConfig, ProviderKind, SignInResolver, TokenAuthMethod,
};

/// Shorter timeouts would sign people out while they read.
const SHORTEST_SESSION: Duration = Duration::from_mins(5);

/// `auth`: how people are told apart.
#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// `auth.environment`; default `development`.
    pub environment: Environment,
    /// `auth.session`: how long a sign-in counts.
    pub session: SessionConfig,
    /// `auth.tokens.maxLifetime`: how long an access token counts at most; default 365 days.
    pub token_lifetime: Duration,
    /// `auth.providers`: who tells who people are, in the order of the sign-in page.
    pub providers: Vec<ProviderConfig>,
}

impl AuthConfig {
    /// The provider of an id: `microsoft`, `oidc`.
    pub fn provider(&self, id: &str) -> Option<&ProviderConfig> {
        self.providers.iter().find(|it| it.id() == id)
    }

    pub(crate) fn read(auth: &Reader<'_>) -> Self {
        let environment = auth.choice_or_first(
            "environment",
            &[("production", Environment::Production)],
            ("development", Environment::Development),
        );
        Self {
            environment,
            session: auth.object("session", SessionConfig::read),
            token_lifetime: auth.object("tokens", |tokens| {
                tokens
                    .duration("maxLifetime")
                    .unwrap_or(Duration::from_hours(24 * 365))
            }),
            providers: auth.object("providers", |it| providers::read(it, environment)),
        }
    }
}

/// `auth.session`: how long a sign-in counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionConfig {
    /// `auth.session.idleTimeout`: a session ends when it is not used for this long; default
    /// 12 hours.
    pub idle_timeout: Duration,
    /// `auth.session.absoluteTimeout`: a session ends this long after sign-in; default 7 days.
    pub absolute_timeout: Duration,
}

impl SessionConfig {
    fn read(session: &Reader<'_>) -> Self {
        let default = Self::default();
        let timeout = |key, default| match session.duration(key) {
            Some(timeout) if timeout < SHORTEST_SESSION => {
                session.problem(format!("\"{key}\" must be at least 5 minutes"));
                default
            }
            timeout => timeout.unwrap_or(default),
        };
        Self {
            idle_timeout: timeout("idleTimeout", default.idle_timeout),
            absolute_timeout: timeout("absoluteTimeout", default.absolute_timeout),
        }
    }
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_hours(12),
            absolute_timeout: Duration::from_hours(24 * 7),
        }
    }
}

/// Whether the development sign-in page exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Sign-in by choosing a person, from loopback addresses only.
    Development,
    /// No development sign-in.
    Production,
}
