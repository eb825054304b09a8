//! The effective configuration, typed. One file a top-level section.

mod backend;
mod catalog;
mod integrations;
mod portal;

pub use backend::{
    AccessRestriction, BackendConfig, DatabaseConfig, ExternalAccess, Listen, ReadingAllow,
};
pub use catalog::{
    CatalogConfig, ConfiguredLocation, ConflictStrategy, OrphanStrategy, WebhookConfig,
};
pub use integrations::{AzureCredential, AzureIntegration, GitHubIntegration, IntegrationsConfig};
pub use portal::{
    AppConfig, AuthConfig, Environment, LogFormat, LoggingConfig, OrganizationConfig,
    PermissionsConfig, ServerConfig,
};
