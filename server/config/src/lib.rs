//! Configuration: `portico.yaml`, or a Backstage `app-config.yaml` as it is.
//!
//! Files merge in order (later wins, objects merge, lists replace). Values may use
//! `${NAME}`, `${NAME:-default}`, `$${` (a literal `${`), `$env`, `$file` and
//! `$include`. Keys Portico does not know are warnings with the nearest known key;
//! values of the wrong type are errors that name file, line and fix.

mod address;
mod config;
mod duration;
mod error;
mod files;
mod node;
mod reader;
mod rules;
mod secret;
mod settings;
mod substitute;

pub use config::{Config, Loaded};
pub use error::{ConfigError, Problem};
pub use rules::CatalogRules;
pub use secret::Secret;
pub use settings::*;
