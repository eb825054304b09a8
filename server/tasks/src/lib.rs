//! Tasks: templates that are run, in the background, on whichever replica has time.
//!
//! [`Tasks`] is what edges call: it takes the [`Principal`] who asks, decides, and reads or
//! writes the store. [`Tasks::run`] is the loop that claims tasks and runs them with the engine
//! of `portico-scaffolder`: in the name of whoever created them, in a folder of their own, with a
//! checkpoint after every step. The checkpoint holds the files too, so that another replica goes
//! on where a killed one was.

mod actions;
mod approvals;
mod autocomplete;
mod cancel;
mod catalog_port;
mod choices;
mod create;
mod draft;
mod dry_run;
mod entity_filter;
mod environment;
mod error;
mod events;
mod fetch;
mod fitting;
mod janitor;
mod journal;
mod language;
mod list;
mod options;
mod parameters;
mod pickable;
mod portal_api;
mod principal;
mod registry;
mod repo_hosts;
mod retry;
mod run;
mod seal;
mod secrets;
mod snapshot;
mod template;
mod view;
mod visible;
mod worker;

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use parking_lot::Mutex;
use portico_access::{Action, Grounds, Principal, Resource};
use portico_catalog::Catalog;
use portico_plugins::Plugins;
use portico_scm::Scm;
use portico_store::{AuditEvent, Millis, Store};
use portico_templating::Engine;
use serde_json::Value;
use tokio::sync::{Notify, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use approvals::{ApprovalView, Verdict};
pub use autocomplete::{Autocomplete, AutocompleteContext, Suggestion};
pub use choices::FieldChoice;
pub use create::NewTask;
pub use draft::{DraftCheck, DraftProblem, ProposedDraft, TemplateSource};
pub use dry_run::{DryRun, DryRunFile, DryRunResult, DryRunTemplate};
pub use entity_filter::{entity_filter, mine_of};
pub use error::{Result, TasksError, ValueProblem};
pub use events::{EventView, Follower};
pub use fitting::Fitting;
pub use language::{ExampleView, ExtensionView, Globals, TemplatingExtensions};
pub use list::{TaskPage, TaskQuery};
pub use options::TasksOptions;
pub use portal_api::{MAX_DEPTH, PortalAnswer, PortalApi, PortalRequest};
pub use portico_scaffolder::{Effect, StepStatus};
pub use portico_store::TaskOrder;
pub use registry::ActionView;
pub use seal::SecretsKey;
pub use secrets::SecretField;
pub use template::{TemplateForm, TemplatePage};
pub use view::{StepView, TaskView};

/// Notices of tasks that changed which a slow follower may miss; it looks by itself then.
const NOTICES: usize = 1024;

/// Tasks and the templates they come from. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Tasks(Arc<Inner>);

struct Inner {
    catalog: Catalog,
    scm: Option<Scm>,
    plugins: Option<Plugins>,
    portal: OnceLock<Arc<dyn PortalApi>>,
    options: TasksOptions,
    engine: Engine,
    /// Names this process in leases.
    owner: String,
    /// Wakes the loop: there is a new task.
    woken: Notify,
    /// Tells followers in this process that a task said something.
    notices: broadcast::Sender<Uuid>,
    /// Stops tasks that run here, with the token of the lease.
    running: Mutex<HashMap<Uuid, (i64, CancellationToken)>>,
    /// Dry runs at once.
    dry_runs: Semaphore,
    /// This process ends: followers let go.
    closing: CancellationToken,
}

impl Tasks {
    /// Tasks over a catalog and its store. None runs before [`Tasks::run`]. Without `scm` and
    /// `plugins` their actions are not there.
    pub fn new(
        catalog: Catalog,
        scm: Option<Scm>,
        plugins: Option<Plugins>,
        options: TasksOptions,
    ) -> Self {
        let hosts = catalog.sources().integrations().hosts();
        let engine = Engine::backstage(repo_hosts::of_templates(hosts));
        Self(Arc::new(Inner {
            dry_runs: Semaphore::new(options.concurrency.max(2)),
            catalog,
            scm,
            plugins,
            portal: OnceLock::new(),
            options,
            engine,
            owner: Uuid::new_v4().to_string(),
            woken: Notify::new(),
            notices: broadcast::channel(NOTICES).0,
            running: Mutex::default(),
            closing: CancellationToken::new(),
        }))
    }

    /// Lets tasks call the portal's own API. Only the first call counts.
    #[must_use]
    pub fn with_portal(self, portal: Arc<dyn PortalApi>) -> Self {
        let _ = self.0.portal.set(portal);
        self
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    pub(crate) fn store(&self) -> &Store {
        self.0.catalog.store()
    }

    pub(crate) fn options(&self) -> &TasksOptions {
        &self.0.options
    }

    /// Tells followers in this process to look.
    pub(crate) fn notify(&self, id: Uuid) {
        // Nobody may follow.
        let _ = self.0.notices.send(id);
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
