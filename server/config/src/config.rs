//! The whole configuration: loading it, and telling where each value came from.

use std::path::PathBuf;

use crate::error::{ConfigError, Problem};
use crate::settings::{
    AppConfig, AuthConfig, BackendConfig, CatalogConfig, IntegrationsConfig, LoggingConfig,
    OrganizationConfig, PermissionsConfig, ServerConfig,
};

/// The effective configuration of one Portico process.
#[derive(Clone, Debug)]
pub struct Config {
    /// `app`.
    pub app: AppConfig,
    /// `organization`.
    pub organization: OrganizationConfig,
    /// `auth`.
    pub auth: AuthConfig,
    /// `permissions`.
    pub permissions: PermissionsConfig,
    /// `server`.
    pub server: ServerConfig,
    /// `logging`.
    pub logging: LoggingConfig,
    /// `backend`.
    pub backend: BackendConfig,
    /// `catalog`.
    pub catalog: CatalogConfig,
    /// `integrations`.
    pub integrations: IntegrationsConfig,
}

/// A configuration that can be used, and what to tell the operator about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Unknown keys, unset variables, values that are not used.
    pub warnings: Vec<Problem>,
}
