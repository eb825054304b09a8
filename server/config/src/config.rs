//! The whole configuration: loading it, and telling where each value came from.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{ConfigError, Problem};
use crate::files::Files;
use crate::node::Node;
use crate::reader::{Log, Reader, Setting};
use crate::settings::{
    AppConfig, AuditConfig, AuthConfig, BackendConfig, CatalogConfig, Environment,
    IntegrationsConfig, LoggingConfig, OrganizationConfig, PermissionsConfig, PluginsConfig,
    ScaffolderConfig, ScmConfig,
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
    /// `audit`.
    pub audit: AuditConfig,
    /// `logging`.
    pub logging: LoggingConfig,
    /// `backend`.
    pub backend: BackendConfig,
    /// `catalog`.
    pub catalog: CatalogConfig,
    /// `integrations`.
    pub integrations: IntegrationsConfig,
    /// `scm`.
    pub scm: ScmConfig,
    /// `plugins`.
    pub plugins: PluginsConfig,
    /// `scaffolder`.
    pub scaffolder: ScaffolderConfig,
    effective: Arc<Vec<Setting>>,
}

/// A configuration that can be used, and what to tell the operator about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Unknown keys, unset variables, values that are not used.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// Loads configuration files, each laid over the ones before it. No file at all
    /// gives the defaults.
    pub fn load(paths: &[PathBuf]) -> Result<Loaded, ConfigError> {
        Self::load_with(paths, &|name| std::env::var(name).ok())
    }

    /// [`Config::load`] with the environment as a parameter.
    pub fn load_with(
        paths: &[PathBuf],
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Loaded, ConfigError> {
        let mut files = Files::new(env);
        let tree = files.load(paths)?;
        let log = Log::default();
        let config = Self::read(tree.as_ref(), &log);
        let errors = [files.errors, log.errors.into_inner()].concat();
        if errors.is_empty() {
            let warnings = [files.warnings, log.warnings.into_inner()].concat();
            Ok(Loaded { config, warnings })
        } else {
            Err(ConfigError::Invalid(errors))
        }
    }

    /// Whether the development sign-in exists (on loopback addresses): nobody else tells who
    /// people are.
    pub fn is_development(&self) -> bool {
        self.auth.environment == Environment::Development && self.auth.providers.is_empty()
    }

    /// Every effective value and where it came from, one a line, secrets masked.
    pub fn explain(&self) -> String {
        let width = self
            .effective
            .iter()
            .map(|it| it.key.len() + it.value.len())
            .max();
        let width = width.unwrap_or_default().min(70) + 2;
        let mut out = String::new();
        for Setting { key, value, origin } in self.effective.iter() {
            let origin = match origin {
                None => "default".to_owned(),
                Some(origin) => match &origin.via {
                    Some(via) => format!("{via}, {}", origin.place()),
                    None => origin.place(),
                },
            };
            let left = format!("{key}: {value}");
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{left:width$}  # {origin}");
        }
        out
    }

    fn read(tree: Option<&Node>, log: &Log) -> Self {
        let mut config = Reader::root(tree, log).read_object(|root| {
            let backstage = root.value("permission");
            if backstage.is_present() {
                backstage.warn("is Backstage's and ignored; Portico's own key is \"permissions\"");
            }
            Self {
                app: root.object("app", AppConfig::read),
                organization: root.object("organization", OrganizationConfig::read),
                auth: root.object("auth", AuthConfig::read),
                permissions: root.object("permissions", PermissionsConfig::read),
                plugins: root.object("plugins", PluginsConfig::read),
                audit: root.object("audit", AuditConfig::read),
                logging: root.object("logging", LoggingConfig::read),
                backend: root.object("backend", BackendConfig::read),
                catalog: root.object("catalog", CatalogConfig::read),
                integrations: root.object("integrations", IntegrationsConfig::read),
                scm: root.object("scm", ScmConfig::read),
                scaffolder: root.object("scaffolder", ScaffolderConfig::read),
                effective: Arc::default(),
            }
        });
        config.effective = Arc::new(log.settings.take());
        config
    }
}

impl Default for Config {
    /// What an empty configuration file gives.
    fn default() -> Self {
        Self::read(None, &Log::default())
    }
}

#[cfg(test)]
mod tests;
