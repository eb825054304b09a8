//! What the server gives every page and server function.

use std::sync::Arc;

use portico_access::Principal;
use portico_catalog::Catalog;
use portico_identity::{ActiveSession, Identity};
use portico_permissions::Permissions;
use portico_plugins::Plugins;
use portico_scm::Scm;
use portico_tasks::Tasks;

use crate::data::UiError;

/// Provided by the server for every request; read with `use_context`.
#[derive(Clone)]
pub struct ServerContext {
    /// Who is asking.
    pub principal: Principal,
    /// The session they are in, if it is one.
    pub session: Option<Arc<ActiveSession>>,
    /// Sessions and access tokens.
    pub identity: Identity,
    /// The services.
    pub catalog: Catalog,
    /// The plugin services, where this process runs plugins.
    pub plugins: Option<Plugins>,
    /// Source control, where this process keeps repositories.
    pub scm: Option<Scm>,
    /// Templates and their tasks, where this process runs them.
    pub tasks: Option<Tasks>,
    /// Policies.
    pub permissions: Permissions,
    /// The REST API's description.
    pub openapi: Arc<serde_json::Value>,
    /// What the portal is called, and how it runs.
    pub portal: Arc<PortalInfo>,
}

impl ServerContext {
    pub(crate) fn plugins(&self) -> Result<&Plugins, UiError> {
        let plugins = self.plugins.as_ref();
        plugins.ok_or_else(|| UiError::internal("this process runs no plugins"))
    }

    pub(crate) fn scm(&self) -> Result<&Scm, UiError> {
        let scm = self.scm.as_ref();
        scm.ok_or_else(|| UiError::internal("this process keeps no repositories"))
    }

    pub(crate) fn tasks(&self) -> Result<&Tasks, UiError> {
        let tasks = self.tasks.as_ref();
        tasks.ok_or_else(|| UiError::internal("this process runs no templates"))
    }
}

/// What the configuration says about the portal itself.
#[derive(Clone, Debug)]
pub struct PortalInfo {
    /// `app.title`.
    pub title: String,
    /// `organization.name`.
    pub organization: String,
    /// Development mode: the sign-in page and the component gallery exist.
    pub development: bool,
}
