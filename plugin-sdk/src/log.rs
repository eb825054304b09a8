//! Capability `log`: lines in the log of this call.
//!
//! ```
//! use portico_plugin_sdk::{log, mock};
//!
//! let host = mock::Host::new();
//! log::info(format!("found {} projects", 3));
//! assert_eq!(host.logs(), [(log::Level::Info, "found 3 projects".to_owned())]);
//! ```

use crate::host;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For the author.
    Debug,
    /// What is being done.
    Info,
    /// What should not be so, and does not stop us.
    Warn,
    /// What stops us.
    Error,
}

/// Writes a line for the author.
pub fn debug(message: impl AsRef<str>) {
    host::log_write(Level::Debug, message.as_ref());
}

/// Writes a line about what is being done.
pub fn info(message: impl AsRef<str>) {
    host::log_write(Level::Info, message.as_ref());
}

/// Writes a line about what should not be so.
pub fn warn(message: impl AsRef<str>) {
    host::log_write(Level::Warn, message.as_ref());
}

/// Writes a line about what stops us.
pub fn error(message: impl AsRef<str>) {
    host::log_write(Level::Error, message.as_ref());
}
