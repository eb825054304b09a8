//! The services of the software catalog: the one place for its rules.
//!
//! REST handlers, pages and the command line parse a request, call one method
//! of [`Catalog`] with the [`Principal`] who asks,
//! and render the answer.

mod analyze;
mod audit;
mod audit_export;
mod audit_upkeep;
mod body;
mod count;
mod denials;
mod directory;
mod entities;
mod error;
mod facets;
mod hidden_sources;
mod ingest;
mod listing;
mod listing_facets;
mod locations;
mod named;
mod people;
mod permits;
mod problems;
mod providers;
mod query;
mod read_model;
mod refresh;
mod relations;
mod removal;
mod replace_location;
mod search;
mod settings;
mod validate;
mod visible;

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use portico_access::{Action, Authorizer, Grounds, Principal, Resource};
use portico_config::{Config, OrphanStrategy};
use portico_sources::Sources;
use portico_store::{AuditEvent, Millis, Store};

pub use analyze::{Analysis, ExistingFile, GeneratedEntity, GeneratedField};
pub use audit::{
    RequestContext, current_address, current_request, current_request_id, with_request,
};
pub use audit_export::{AuditFormat, AuditLine, export_audit};
pub use audit_upkeep::AuditCheck;
pub use entities::{AncestryItem, EntityDetail};
pub use error::{CatalogError, Result, store_failure};
pub use facets::FacetCounts;
pub use ingest::Ingestion;
pub use listing::{Listing, ListingQuery, ListingSort};
pub use listing_facets::{Facet, FacetField, FacetValue};
pub use locations::{LocationPreview, OnConflict, PreviewedEntity, Registration};
pub use people::Person;
pub use portico_index::{Direction, FullText, Label};
pub use portico_sources::Location;
pub use portico_store::{AuditFilter, AuditRecord, Problem, Severity, SourceKey};
pub use problems::{EntitySource, SourceProblem};
pub use providers::{EntityProviders, Provided};
pub use query::{EntityPage, EntityQuery};
pub use relations::{RelatedEntity, RelationGroup};
pub use removal::Removal;
pub use search::{Marks, SearchPage, SearchResult};

use read_model::ReadModel;

/// The catalog of this process. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Catalog(Arc<Inner>);

struct Inner {
    store: Store,
    sources: Sources,
    config: Arc<Config>,
    authorizer: Authorizer,
    read_model: Arc<ReadModel>,
    /// See [`Catalog::processing`].
    processing: String,
    /// Who reads locations of type `plugin`.
    providers: std::sync::OnceLock<Arc<dyn EntityProviders>>,
    /// What the last walk along the audit log found.
    audit_check: parking_lot::Mutex<Option<AuditCheck>>,
    /// The end of the audit log when this process found it whole last. Whoever cuts off the end
    /// in the database does not reach it here.
    audit_noted: parking_lot::Mutex<Option<portico_store::AuditMark>>,
    /// Woken when a source has become due before the loop would look.
    due: tokio::sync::Notify,
}

impl Catalog {
    /// A catalog over a migrated store. Nothing is loaded or read yet: see
    /// [`Catalog::load`] and [`Ingestion`].
    pub fn new(store: Store, sources: Sources, config: Arc<Config>) -> Self {
        let platform_group = config
            .permissions
            .platform_group
            .as_ref()
            .map(ToString::to_string);
        let authorizer = Authorizer::new(platform_group);
        let read_model = Arc::new(ReadModel::new(config.catalog.cache_max_bytes));
        authorizer.informed_by(Arc::new(directory::Directory(Arc::clone(&read_model))));
        let processing = ingest::processing_digest(&config.catalog);
        Self(Arc::new(Inner {
            store,
            sources,
            config,
            authorizer,
            read_model,
            processing,
            providers: std::sync::OnceLock::new(),
            audit_check: parking_lot::Mutex::default(),
            audit_noted: parking_lot::Mutex::default(),
            due: tokio::sync::Notify::new(),
        }))
    }

    /// Loads the read model from the store. Queries answer with nothing before.
    pub async fn load(&self) -> Result<()> {
        self.0.read_model.load(&self.0.store).await
    }

    /// Brings the read model up to date with the store.
    pub async fn follow(&self) -> Result<usize> {
        self.0.read_model.follow(&self.0.store).await
    }

    /// Whether the read model is loaded.
    pub fn is_ready(&self) -> bool {
        self.0.read_model.is_ready()
    }

    /// Waits until the read model is loaded.
    pub async fn wait_ready(&self) {
        self.0.read_model.wait_ready().await;
    }

    /// How many entities the catalog holds.
    pub fn len(&self) -> usize {
        self.0.read_model.read(|state| state.index.len())
    }

    /// Whether the catalog holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The configuration the catalog runs with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn config_arc(&self) -> &Arc<Config> {
        &self.0.config
    }

    /// The authorisation seam, for edges that ask before they offer something.
    pub fn authorizer(&self) -> &Authorizer {
        &self.0.authorizer
    }

    /// The store, for health checks and metrics.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The readers of hosts, and what signs in to them.
    pub fn sources(&self) -> &Sources {
        &self.0.sources
    }

    /// Names the rules this process turns content into entities by: what was
    /// processed by others is read again, though its content is as it was.
    pub(crate) fn processing(&self) -> &str {
        &self.0.processing
    }

    pub(crate) fn read_model(&self) -> &ReadModel {
        &self.0.read_model
    }

    /// Whether vanished entities are deleted (rather than kept and marked).
    pub(crate) fn deletes_orphans(&self) -> bool {
        self.config().catalog.orphan_strategy == OrphanStrategy::Delete
    }

    /// How often the sources below a root location are read; `None` means never again.
    pub(crate) fn interval_of(&self, origin: &str) -> Option<Duration> {
        if let Some(own) = self.provider_interval(origin) {
            return Some(own);
        }
        let catalog = &self.config().catalog;
        let interval = catalog.processing_interval?;
        let configured = catalog.locations.iter().find(|location| {
            origin
                .strip_prefix(location.kind.as_str())
                .and_then(|rest| rest.strip_prefix(':'))
                == Some(location.target.as_str())
        });
        Some(
            configured
                .and_then(|location| location.interval)
                .unwrap_or(interval),
        )
    }

    /// Asks the seam.
    pub(crate) fn require(
        &self,
        who: &Principal,
        action: Action,
        resource: &Resource<'_>,
    ) -> Result<Grounds> {
        Ok(self.0.authorizer.require(who, action, resource)?)
    }

    /// The audit event of an allowed action, to be written with its effect.
    pub fn audit(
        who: &Principal,
        action: Action,
        resource: &Resource<'_>,
        grounds: Grounds,
        details: serde_json::Value,
    ) -> AuditEvent {
        let request = current_request();
        AuditEvent {
            at: now(),
            principal: who.label(),
            action: action.as_str().to_owned(),
            resource: resource.label(),
            decision: "allow".to_owned(),
            reason: grounds.reason,
            policy: grounds.policy,
            source: request
                .as_ref()
                .and_then(|it| it.source)
                .map(|address| address.to_string()),
            request_id: request.map(|it| it.id),
            details,
        }
    }

    /// Wakes the ingestion loop: some source is due now.
    pub(crate) fn wake_ingestion(&self) {
        self.0.due.notify_one();
    }

    pub(crate) async fn ingestion_woken(&self) {
        self.0.due.notified().await;
    }
}

/// Milliseconds since the Unix epoch by this process's clock.
pub(crate) fn now() -> Millis {
    millis(SystemTime::now())
}

/// A time as milliseconds since the Unix epoch.
pub(crate) fn millis(time: SystemTime) -> Millis {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_millis() as Millis)
}
