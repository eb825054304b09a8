//! The portal's side of the capabilities.

mod catalog;
mod connections;
mod identities;
mod scm;
mod state;
mod subjects;

pub(crate) use catalog::Catalog;
pub(crate) use connections::Connections;
pub(crate) use scm::Repositories;
pub use scm::proposed;
pub(crate) use state::State;
pub(crate) use subjects::Subjects;

use portico_plugin_host::CapabilityError;

/// For failures on the portal's side: another try may help.
fn unavailable(error: &(dyn std::error::Error + 'static)) -> CapabilityError {
    tracing::error!(error, "a capability failed");
    CapabilityError::Unavailable("the portal could not answer".to_owned())
}
