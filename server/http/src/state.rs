//! What handlers and middleware share.

use std::sync::{Arc, OnceLock, Weak};

use bytes::Bytes;
use portico_access::{Restriction, StaticTokens};
use portico_catalog::Catalog;
use portico_config::Config;
use portico_identity::Identity;
use portico_permissions::Permissions;
use portico_plugins::Plugins;
use portico_scm::Scm;
use portico_tasks::Tasks;

use crate::{
    Metrics,
    edge::{Limits, PortalOrigin, Proxies},
    error::ApiError,
};

/// The edge's state. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

/// The same, without keeping it.
pub(crate) struct WeakState(Weak<Inner>);

impl WeakState {
    /// The state, while there is one.
    pub(crate) fn upgrade(&self) -> Option<AppState> {
        self.0.upgrade().map(AppState)
    }
}

struct Inner {
    catalog: Catalog,
    plugins: Option<Plugins>,
    scm: Option<Scm>,
    tasks: OnceLock<Tasks>,
    permissions: Permissions,
    tokens: StaticTokens,
    identity: Identity,
    metrics: Metrics,
    origin: PortalOrigin,
    proxies: Proxies,
    limits: Limits,
    openapi: Bytes,
}

impl AppState {
    /// State for a catalog, configured as the catalog is. Without `plugins` or `scm`
    /// their endpoints answer 503.
    pub fn new(
        catalog: Catalog,
        plugins: Option<Plugins>,
        scm: Option<Scm>,
        identity: Identity,
        metrics: Metrics,
    ) -> Self {
        let tokens = static_tokens(catalog.config());
        let origin = PortalOrigin::from_config(catalog.config());
        let permissions = Permissions::new(catalog.clone(), scm.clone());
        let edge = &catalog.config().backend.edge;
        let proxies = Proxies::from_config(edge);
        let limits = Limits::from_config(edge.rate_limits);
        let openapi = crate::openapi().to_json().unwrap_or_default().into();
        Self(Arc::new(Inner {
            catalog,
            plugins,
            scm,
            tasks: OnceLock::new(),
            permissions,
            tokens,
            identity,
            metrics,
            origin,
            proxies,
            limits,
            openapi,
        }))
    }

    /// Serves the endpoints of templates and tasks, which answer 503 without. Only the first
    /// call counts.
    #[must_use]
    pub fn with_tasks(self, tasks: Tasks) -> Self {
        let _ = self.0.tasks.set(tasks);
        self
    }

    pub(crate) fn downgrade(&self) -> WeakState {
        WeakState(Arc::downgrade(&self.0))
    }

    /// The catalog services.
    pub fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    /// The plugin services.
    pub(crate) fn plugins(&self) -> Result<&Plugins, ApiError> {
        let plugins = self.0.plugins.as_ref();
        plugins.ok_or(ApiError::Unavailable("this process runs no plugins"))
    }

    /// Source control.
    pub(crate) fn scm(&self) -> Result<&Scm, ApiError> {
        let scm = self.0.scm.as_ref();
        scm.ok_or(ApiError::Unavailable("this process keeps no repositories"))
    }

    /// Templates and tasks.
    pub(crate) fn tasks(&self) -> Result<&Tasks, ApiError> {
        let tasks = self.0.tasks.get();
        tasks.ok_or(ApiError::Unavailable("this process runs no templates"))
    }

    /// Policies.
    pub fn permissions(&self) -> &Permissions {
        &self.0.permissions
    }

    pub(crate) fn tokens(&self) -> &StaticTokens {
        &self.0.tokens
    }

    /// Sessions and access tokens.
    pub(crate) fn identity(&self) -> &Identity {
        &self.0.identity
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Where the portal is reached, and from where requests are its own.
    pub(crate) fn origin(&self) -> &PortalOrigin {
        &self.0.origin
    }

    /// Who is asked whom a request comes from.
    pub(crate) fn proxies(&self) -> &Proxies {
        &self.0.proxies
    }

    /// How often one address may try.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The API description, serialised once.
    pub(crate) fn openapi_json(&self) -> Bytes {
        self.0.openapi.clone()
    }
}

fn static_tokens(config: &Config) -> StaticTokens {
    let mut tokens = StaticTokens::default();
    for access in &config.backend.external_access {
        let restrictions = access
            .restrictions
            .iter()
            .map(|entry| Restriction {
                plugin: entry.plugin.clone(),
                permissions: entry.permissions.clone(),
                verbs: entry.actions.clone(),
            })
            .collect();
        tokens.add(access.token.expose(), &access.subject, restrictions);
    }
    tokens
}
