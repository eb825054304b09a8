//! The effective configuration, typed. One file a top-level section.

mod auth;
mod backend;
mod catalog;
mod database;
mod edge;
mod integrations;
mod plugins;
mod portal;
mod scaffolder;
mod scm;

pub use auth::{
    AuthConfig, Environment, GroupClaims, Membership, ProviderConfig, ProviderKind, SessionConfig,
    SignInResolver, TokenAuthMethod,
};
pub use backend::{AccessRestriction, BackendConfig, ExternalAccess, Listen, ReadingAllow};
pub(crate) use catalog::absolute;
pub use catalog::{
    CatalogConfig, ConfiguredLocation, ConflictStrategy, OrphanStrategy, WebhookConfig,
};
pub use database::DatabaseConfig;
pub use edge::{EdgeConfig, ForwardedHeader, RateLimits};
pub use integrations::{
    AzureCredential, AzureIntegration, AzureKeyVault, GitHubApp, GitHubIntegration,
    IntegrationsConfig,
};
pub use plugins::{PluginRegistry, PluginsConfig};
pub use portal::{
    AppConfig, AuditConfig, LogFormat, LoggingConfig, OrganizationConfig, PermissionsConfig,
};
pub use scaffolder::{ScaffolderConfig, TemplateEnvironment};
pub use scm::ScmConfig;
