//! Services: the policies in force, their versions, why they decide as they do, and what
//! others would change.
//!
//! What is in force is the policies of the configured files together with the newest version
//! that was written in the portal (Portico's defaults, until one was). Every replica looks
//! twice a second whether there is another.

mod diff;
mod explain;
mod files;
mod follow;
mod named;
mod simulate;
mod versions;

use std::sync::Arc;

use parking_lot::RwLock;
use portico_access::Authorizer;
use portico_catalog::Catalog;
use portico_scm::Scm;

pub use diff::DiffLine;
pub use explain::{Explanation, Question, Why};
pub use files::PolicyFile;
pub use portico_catalog::CatalogError as PermissionsError;
pub use simulate::{Change, Simulation, Visibility};
pub use versions::{InForce, PolicyLine, Version};

/// Shorthand for results of this service.
pub type Result<T, E = PermissionsError> = std::result::Result<T, E>;

/// The permissions service. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Permissions(Arc<Inner>);

struct Inner {
    catalog: Catalog,
    scm: Option<Scm>,
    seen: RwLock<Seen>,
}

/// What this process put in force last.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// The version's number; `None` before the first look.
    number: Option<i64>,
    files: Vec<PolicyFile>,
    /// Why the policies that should be in force are not.
    broken: Option<String>,
}

impl Permissions {
    /// The service for a catalog's authorizer. Owners of repositories are known with `scm`.
    /// Portico's defaults are in force until [`Permissions::follow`] is called.
    pub fn new(catalog: Catalog, scm: Option<Scm>) -> Self {
        Self(Arc::new(Inner {
            catalog,
            scm,
            seen: RwLock::default(),
        }))
    }

    fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    fn authorizer(&self) -> &Authorizer {
        self.0.catalog.authorizer()
    }
}
