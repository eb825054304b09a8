//! Reading catalog files where they live: folders, GitHub, Azure DevOps, git, https.
//!
//! [`Sources`] is the one door; [`webhooks`] and [`FileWatch`] tell of [`Change`]s.

mod change;
mod error;
mod sources;
mod watch;
pub mod webhooks;

pub use change::{Change, Push};
pub use error::ReadError;
pub use sources::{Location, PlaceholderText, ReadFile, ReadOutcome, Sources};
pub use watch::{FileWatch, WatchError};
