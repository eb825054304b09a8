//! What the plugins that change a service's repository share.
//!
//! [`BicepFile`] knows what a service has: its app, its identity, its Key Vault. [`Edits`] adds to
//! the file without touching the rest of it. [`propose`] makes a change request of the result.

mod app;
mod edits;
mod file;
mod identity;
mod names;
mod proposal;
mod syntax;

pub use app::App;
pub use edits::{Change, Edits};
pub use file::{BicepFile, PATH};
pub use identity::{Identity, role_assignment};
pub use names::{check_name, symbol};
pub use proposal::{Output, propose, read};
pub use syntax::{Declaration, declarations};
