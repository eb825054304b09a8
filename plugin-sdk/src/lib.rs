//! Write plugins for Portico in Rust.
//!
//! A plugin is one of three things: an [`Action`] of a template, a [`Check`] of a scorecard, or a
//! [`Provider`] of catalog entities. Implement the trait, and name the type in [`export!`]:
//!
//! ```
//! use portico_plugin_sdk::{Check, Finding, Result, Subject, export};
//!
//! struct HasReadme;
//!
//! impl Check for HasReadme {
//!     fn evaluate(subject: &Subject) -> Result<Finding> {
//!         Ok(match subject.read_file("README.md")? {
//!             Some(_) => Finding::pass("There is a README"),
//!             None => Finding::fail("There is no README", "Write one: what, who, how to start."),
//!         })
//!     }
//! }
//!
//! export!(HasReadme as Check);
//! ```
//!
//! What a plugin may do is in the modules, one for each capability: [`log`], [`config`],
//! [`catalog`], [`workspace`], [`http`], [`scm`], [`state`], [`clock`], [`random`], and the
//! repository of a check's [`Subject`]. A plugin imports what it uses and nothing else, and asks
//! for each in its `plugin.toml`.
//!
//! Built for `wasm32-unknown-unknown` these modules call Portico. Built for anything else, for
//! `cargo test` that is, they call the [`mock::Host`] of the test's thread.
//!
//! Errors are [`anyhow`]'s: use `?`, and `.context("…")` to say what was attempted. What an
//! error displays is what people get to read.

mod action;
pub mod catalog;
mod check;
pub mod clock;
pub mod config;
mod entity;
mod error;
mod host;
pub mod http;
pub mod log;
#[cfg(not(target_family = "wasm"))]
pub mod mock;
mod provider;
pub mod random;
mod repository;
pub mod scm;
pub mod state;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
pub mod workspace;

pub use action::{Action, Call};
pub use anyhow::{self, Context, Error, Result, bail, ensure};
pub use check::{Check, Finding, Subject, Verdict};
pub use entity::Entity;
pub use error::{HostError, HostResult};
pub use provider::{Batch, Position, Provider};
pub use serde_json::{Value, json};

#[doc(hidden)]
#[cfg(target_family = "wasm")]
pub use host::glue;

/// Makes a type the plugin: `export!(MyType as Action);`, `… as Check` or `… as Provider`.
///
/// Once in a crate, which has `crate-type = ["cdylib", "rlib"]`.
#[cfg(target_family = "wasm")]
#[macro_export]
macro_rules! export {
    ($plugin:ty as Action) => {
        $crate::export!(@ $plugin, ActionGlue, action);
    };
    ($plugin:ty as Check) => {
        $crate::export!(@ $plugin, CheckGlue, check);
    };
    ($plugin:ty as Provider) => {
        $crate::export!(@ $plugin, ProviderGlue, provider);
    };
    (@ $plugin:ty, $glue:ident, $world:ident) => {
        const _: () = {
            type Exported = $crate::glue::$glue<$plugin>;
            $crate::glue::$world::export!(Exported with_types_in $crate::glue::$world);
        };
    };
}

/// Makes a type the plugin: `export!(MyType as Action);`, `… as Check` or `… as Provider`.
///
/// Once in a crate, which has `crate-type = ["cdylib", "rlib"]`.
#[cfg(not(target_family = "wasm"))]
#[macro_export]
macro_rules! export {
    ($plugin:ty as $kind:ident) => {
        const _: () = {
            const fn is_a<T: $crate::$kind>() {}
            is_a::<$plugin>();
        };
    };
}
