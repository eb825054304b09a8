//! What the embedder provides: the other side of the capabilities.
//!
//! The host has checked grants, sizes and paths before it asks; an implementation
//! is left with the work itself.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use url::Url;

use crate::{Observer, PluginKey};

/// Why something was not done, for the plugin to handle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CapabilityError {
    /// Beyond what was granted.
    #[error("denied: {0}")]
    Denied(String),
    /// There is no such thing.
    #[error("not found: {0}")]
    NotFound(String),
    /// The question is wrong.
    #[error("invalid: {0}")]
    Invalid(String),
    /// Beyond a limit.
    #[error("too much: {0}")]
    TooMuch(String),
    /// It is there already, or was changed.
    #[error("conflict: {0}")]
    Conflict(String),
    /// Nobody answered; another try may help.
    #[error("unavailable: {0}")]
    Unavailable(String),
}

/// The answer to a question of a plugin.
pub type Answer<T> = Result<T, CapabilityError>;

/// What a plugin wants to see of the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogQuery {
    /// Filters as in the REST API; one has to match.
    pub filters: Vec<String>,
    /// The kinds that exist for the plugin, in lower case; all when empty. Others must neither be
    /// returned nor counted.
    pub kinds: Vec<String>,
    /// The most entities to return.
    pub limit: u32,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// Some entities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogPage {
    /// As JSON.
    pub entities: Vec<String>,
    /// How many match in all.
    pub total: u64,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Reads the catalog for plugins.
#[async_trait]
pub trait CatalogReader: Send + Sync {
    /// One entity as JSON, by its full reference `kind:namespace/name` in lower case.
    async fn entity(&self, plugin: &PluginKey, entity_ref: &str) -> Answer<Option<String>>;
    /// A page of entities in the order of their references.
    async fn entities(&self, plugin: &PluginKey, query: CatalogQuery) -> Answer<CatalogPage>;
}

/// Reads the files beside the entities of one call.
#[async_trait]
pub trait Repositories: Send + Sync {
    /// A file of the repository of the call's nth entity. `max_bytes`: no more need be read.
    async fn read_file(&self, subject: u32, path: &str, max_bytes: u64) -> Answer<Option<Vec<u8>>>;
    /// The paths that match a glob, in order; at most `max`.
    async fn find(&self, subject: u32, glob: &str, max: u32) -> Answer<Vec<String>>;
}

/// A connection, ready to be used.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Requests stay below it.
    pub base_url: Url,
    /// What signs in, and whatever else the platform team wants sent. Sensitive values are
    /// never shown to the plugin, not even when the other side echoes them.
    pub headers: http::HeaderMap,
    /// Whether the other side may have an address of a private network.
    pub allow_private: bool,
}

/// Knows connections by name.
#[async_trait]
pub trait Connections: Send + Sync {
    /// The connection of a name, signed in.
    async fn connection(&self, plugin: &PluginKey, name: &str) -> Answer<Connection>;
}

/// One change of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "edit", rename_all = "lowercase")]
pub enum Edit {
    /// Writes a whole file.
    Write {
        /// Relative to the root.
        path: String,
        /// All of it.
        #[serde(serialize_with = "as_text")]
        content: Vec<u8>,
    },
    /// Removes a file.
    Remove {
        /// Relative to the root.
        path: String,
    },
}

fn as_text<S: serde::Serializer>(content: &[u8], out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&String::from_utf8_lossy(content))
}

/// A change to propose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// A URL, or `local:NAME`.
    pub repository: String,
    /// The branch it is for; the default branch when none.
    pub base: Option<String>,
    /// The branch to create.
    pub branch: String,
    /// The first line people read.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// At least one.
    pub edits: Vec<Edit>,
}

/// A proposed change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeRequest {
    /// Its number or name.
    pub id: String,
    /// Where people see it.
    pub url: String,
}

/// Repositories on whichever host they live.
#[async_trait]
pub trait Scm: Send + Sync {
    /// A file of the default branch. `max_bytes`: no more need be read.
    async fn read_file(
        &self,
        plugin: &PluginKey,
        repository: &str,
        path: &str,
        max_bytes: u64,
    ) -> Answer<Option<Vec<u8>>>;
    /// The paths that match a glob, in order; at most `max`.
    async fn find(
        &self,
        plugin: &PluginKey,
        repository: &str,
        glob: &str,
        max: u32,
    ) -> Answer<Vec<String>>;
    /// Proposes a change.
    async fn propose(&self, plugin: &PluginKey, proposal: Proposal) -> Answer<ChangeRequest>;
}

/// A value with its version, which changes whenever it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateEntry {
    /// The value.
    pub value: Vec<u8>,
    /// More than 0.
    pub version: u64,
}

/// Keeps the values of plugins, by plugin id: they survive upgrades.
#[async_trait]
pub trait StateStore: Send + Sync {
    /// The value of a key.
    async fn get(&self, plugin: &PluginKey, key: &str) -> Answer<Option<StateEntry>>;
    /// Writes or removes a value and returns its new version.
    ///
    /// `Conflict` when `if_version` is given and not the version there is (0: none);
    /// `TooMuch` when the keys and values of the plugin would exceed `quota` bytes.
    async fn set(
        &self,
        plugin: &PluginKey,
        key: &str,
        value: Option<Vec<u8>>,
        if_version: Option<u64>,
        quota: u64,
    ) -> Answer<u64>;
    /// The keys with a prefix, in order; at most `max`.
    async fn keys(&self, plugin: &PluginKey, prefix: &str, max: u32) -> Answer<Vec<String>>;
}

/// Everything the embedder provides to all plugins. What is none answers `unavailable`.
#[derive(Clone)]
pub struct Services {
    /// Reads the catalog.
    pub catalog: Option<Arc<dyn CatalogReader>>,
    /// Knows connections.
    pub connections: Option<Arc<dyn Connections>>,
    /// Repositories.
    pub scm: Option<Arc<dyn Scm>>,
    /// Values of plugins.
    pub state: Option<Arc<dyn StateStore>>,
    /// Is told of denials and faults.
    pub observer: Arc<dyn Observer>,
}

impl Default for Services {
    fn default() -> Self {
        Self {
            catalog: None,
            connections: None,
            scm: None,
            state: None,
            observer: Arc::new(crate::Silent),
        }
    }
}
