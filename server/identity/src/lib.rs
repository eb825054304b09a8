//! Who signs in, and how Portico knows them again: OpenID Connect providers, sessions that
//! live in the store, access tokens of people and services.

mod error;
mod janitor;
mod link;
mod oidc;
mod sessions;
mod tokens;

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use portico_catalog::Catalog;
use portico_store::{Millis, Store};

pub use error::{IdentityError, Result};
pub use oidc::{BegunSignIn, Browser, FinishedSignIn, SignInAnswer, SignInError};
pub use sessions::{
    ActiveSession, DEVELOPMENT, EndedSession, NewSession, ProviderTokens, SessionSecret,
    SessionView, Subject,
};
pub use tokens::{AREAS, Area, IssuedToken, NewToken, TokenKind, TokenView, describe};

/// Sign-in of this process. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    catalog: Catalog,
    sessions: sessions::Cache,
    oidc: oidc::Oidc,
    tokens: tokens::Cache,
}

impl Identity {
    /// Sign-in for the people of a catalog, configured as the catalog is.
    pub fn new(catalog: Catalog) -> Self {
        let oidc = oidc::Oidc::new(catalog.config());
        Self(Arc::new(Inner {
            catalog,
            sessions: sessions::Cache::default(),
            oidc,
            tokens: tokens::Cache::default(),
        }))
    }

    /// The catalog whose people sign in.
    pub fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    pub(crate) fn oidc(&self) -> &oidc::Oidc {
        &self.0.oidc
    }

    /// Has the next request look at the store again.
    pub(crate) fn forget_session(&self, id: uuid::Uuid) {
        self.0.sessions.forget(id);
    }

    pub(crate) fn store(&self) -> &Store {
        self.0.catalog.store()
    }
}

/// Milliseconds since the Unix epoch by this process's clock.
pub(crate) fn now() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_millis() as Millis)
}
