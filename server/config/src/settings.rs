//! The effective configuration, typed. One file a top-level section.

mod backend;
mod catalog;
mod database;
mod integrations;
mod plugins;
mod portal;
mod scaffolder;
mod scm;

pub use backend::{AccessRestriction, BackendConfig, ExternalAccess, Listen, ReadingAllow};
pub(crate) use catalog::absolute;
pub use catalog::{
    CatalogConfig, ConfiguredLocation, ConflictStrategy, OrphanStrategy, WebhookConfig,
};
pub use database::DatabaseConfig;
pub use integrations::{
    AzureCredential, AzureIntegration, AzureKeyVault, GitHubApp, GitHubIntegration,
    IntegrationsConfig,
};
pub use plugins::{PluginRegistry, PluginsConfig};
pub use portal::{
    AppConfig, AuthConfig, Environment, LogFormat, LoggingConfig, OrganizationConfig,
    PermissionsConfig,
};
pub use scaffolder::ScaffolderConfig;
pub use scm::ScmConfig;
