//! The engine of templates.
//!
//! A [`Task`] runs the steps of a template over a [`Workspace`]: it decides which steps are
//! done, renders their input, calls their [`Action`], and tells what happens as
//! [`TaskEvent`]s. It reaches the world through seams alone: [`Fetch`] for files of templates,
//! [`CatalogPort`] for entities, [`TaskStore`] for its state, [`Events`] for what it says.
//! Leases, HTTP and pages are built on these by others.
//!
//! A dry run is the same run with a [`Recorder`]: actions write to the workspace and tell the
//! recorder what they would do beyond it.

mod action;
pub mod actions;
mod approval;
mod catalog_port;
mod error;
mod event;
mod fetch;
mod recorder;
mod redact;
mod registry;
mod run;
mod store;
mod workspace;

pub use action::{Action, ActionContext, Example};
pub use approval::{ApprovalNeeded, Decision, Decisions};
pub use catalog_port::CatalogPort;
pub use error::{ActionError, TaskError, WorkspaceError};
pub use event::{Events, LogLevel, StepStatus, TaskEvent};
pub use fetch::{Fetch, FetchedFile, LocalFolders};
pub use recorder::{Effect, Recorder};
pub use redact::Redactor;
pub use registry::Registry;
pub use run::{Outcome, Task, TaskSpec, check, unknown_inputs};
pub use store::{MemoryStore, StepState, TaskState, TaskStatus, TaskStore};
pub use workspace::{Entry, Limits, Workspace};
