//! The services of the plugin platform: the one place for its rules.
//!
//! A file is [submitted](Plugins::submit), inspected and tried in the sandbox, reviewed and
//! [approved](Plugins::approve) with grants, and then [activated](Plugins::activate). What is
//! decided is in the database; every process [follows](Plugins::follow) it, so that a decision
//! made on one replica holds on all within a second or so.

mod actions;
mod caller;
mod capability;
mod compare;
mod connections;
mod decide;
mod error;
mod follow;
mod forms;
mod import;
mod lifecycle;
mod observer;
mod provide;
mod publishers;
pub mod registry;
mod run;
mod submit;
mod view;

use std::{collections::HashMap, sync::Arc};

use parking_lot::RwLock;
use portico_access::{Action, Grounds, Principal, Resource};
use portico_catalog::Catalog;
use portico_plugin_host::{HostOptions, Plugin, PluginHost, Scm, Services};
use portico_store::{AuditEvent, Millis, Seq, Store};
use serde_json::Value;
use tokio::sync::Mutex;

pub use actions::{ActionCall, ActionOutcome};
pub use capability::proposed;
pub use compare::{Change, ComparedRow, Comparison};
pub use connections::{ConnectionAuth, ConnectionSpec, ConnectionUse, FieldProblem};
pub use decide::Approval;
pub use error::{PluginError, Result};
pub use forms::{grants_form, limits_form};
pub use import::Imported;
pub use portico_plugin_host as host;
pub use portico_plugin_package as package;
pub use publishers::{Deed, KnownKey, key_line};
pub use run::{Trial, TrialInput};
pub use submit::Submission;
pub use view::{PluginDetail, PluginSummary, VersionDetail, world};

/// The plugins of this process. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Plugins(Arc<Inner>);

struct Inner {
    catalog: Catalog,
    host: PluginHost,
    scm: Option<Arc<dyn Scm>>,
    /// What runs here, by plugin id.
    running: RwLock<HashMap<String, Running>>,
    /// Serialises followers; holds the position reached.
    position: Mutex<Option<Seq>>,
}

/// What this process makes of an active version.
#[derive(Clone)]
enum Running {
    Ready {
        plugin: Arc<Plugin>,
        /// Tells whether it is still what it should be.
        made_from: String,
    },
    /// Why it does not run here.
    Broken(String),
}

pub(crate) fn not_active(id: &str) -> PluginError {
    PluginError::NotFound(format!("active plugin {id}"))
}

impl Plugins {
    /// Starts the sandbox. Nothing runs before [`Plugins::follow`].
    pub fn start(
        catalog: Catalog,
        options: HostOptions,
        scm: Option<portico_scm::Scm>,
    ) -> Result<Self> {
        let scm = scm.map(|scm| Arc::new(capability::Repositories(scm)) as Arc<dyn Scm>);
        let services = Services {
            catalog: Some(Arc::new(capability::Catalog(catalog.clone()))),
            connections: Some(Arc::new(capability::Connections::new(catalog.clone()))),
            scm: scm.clone(),
            state: Some(Arc::new(capability::State(catalog.store().clone()))),
            observer: Arc::new(observer::Observer::start(catalog.store().clone())),
        };
        let host = PluginHost::start(options, services)?;
        let plugins = Self(Arc::new(Inner {
            catalog,
            host,
            scm,
            running: RwLock::default(),
            position: Mutex::new(None),
        }));
        plugins
            .catalog()
            .provide(Arc::new(provide::Provider(plugins.clone())));
        Ok(plugins)
    }

    /// Whether somebody may decide about a plugin, for pages that ask before they offer it.
    pub fn may_manage(&self, who: &Principal, id: &str) -> bool {
        let resource = Resource::Plugin(id);
        self.catalog()
            .authorizer()
            .allows(who, Action::PluginManage, &resource)
    }

    /// Whether somebody keeps connections and publisher keys.
    pub fn may_curate(&self, who: &Principal) -> bool {
        self.catalog()
            .authorizer()
            .allows(who, Action::PluginManage, &Resource::Any)
    }

    /// Whether somebody may hand in a plugin.
    pub fn may_submit(&self, who: &Principal) -> bool {
        self.catalog()
            .authorizer()
            .allows(who, Action::PluginSubmit, &Resource::Any)
    }

    /// Fails when somebody may not hand in a plugin.
    pub fn require_submit(&self, who: &Principal) -> Result<()> {
        self.require(who, Action::PluginSubmit, &Resource::Any)?;
        Ok(())
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    pub(crate) fn store(&self) -> &Store {
        self.0.catalog.store()
    }

    pub(crate) fn host(&self) -> &PluginHost {
        &self.0.host
    }

    /// The plugin that runs under this id.
    pub(crate) fn running(&self, id: &str) -> Result<Arc<Plugin>> {
        match self.0.running.read().get(id) {
            Some(Running::Ready { plugin, .. }) => Ok(Arc::clone(plugin)),
            Some(Running::Broken(reason)) => Err(PluginError::Conflict(format!(
                "plugin {id} does not run here: {reason}"
            ))),
            None => Err(not_active(id)),
        }
    }

    pub(crate) fn require(
        &self,
        who: &Principal,
        action: Action,
        resource: &Resource<'_>,
    ) -> Result<Grounds> {
        Ok(self.catalog().authorizer().require(who, action, resource)?)
    }

    /// Asks the seam, and writes down what is to be written with the effect.
    pub(crate) fn allowed(
        &self,
        who: &Principal,
        action: Action,
        resource: &Resource<'_>,
        details: Value,
    ) -> Result<AuditEvent> {
        let grounds = self.require(who, action, resource)?;
        Ok(Catalog::audit(who, action, resource, grounds, details))
    }
}

/// Milliseconds since the Unix epoch by this process's clock.
pub(crate) fn now() -> Millis {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    elapsed.map_or(0, |elapsed| elapsed.as_millis() as Millis)
}
