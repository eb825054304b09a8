//! Reading catalog files where they live: folders, GitHub, Azure DevOps, git, https.
//!
//! [`Sources`] is the one door; [`webhooks`] and [`FileWatch`] tell of [`Change`]s.

mod azure;
mod change;
mod error;
#[cfg(test)]
mod fakes;
mod file;
mod git;
mod github;
mod links;
mod place;
mod raw;
mod readers;
mod sources;
mod target;
mod text;
mod watch;
mod web;
pub mod webhooks;

pub use change::{Change, Push, PushHost};
pub use error::ReadError;
pub use links::{Links, links};
pub use place::{FolderFile, InRepository};
pub use sources::{Location, PlaceholderText, ReadFile, ReadOutcome, Sources};
pub use watch::{FileWatch, WatchError};
