//! The template language of Backstage: Nunjucks 3.2.4 without other templates, as data in and
//! text or JSON out. See `docs/innersource/templates.md` for the language and
//! `docs/decisions/0007-own-template-engine.md` for why it is not a Jinja engine.
//!
//! Rendering is a function of template and variables: no I/O, no clock, nothing shared (the
//! filter `random` excepted). Each rendering is bounded by [`Limits`], however the template
//! is written.

mod ast;
pub mod backstage;
mod cases;
mod checks;
mod deep;
mod engine;
mod error;
mod extensions;
mod filters;
mod globals;
mod limits;
mod machine;
mod parse;
mod pattern;
mod resolve;
mod suggest;
mod syntax;
#[cfg(test)]
mod tests;
mod value;

pub use cases::{Case, CaseFile};
pub use engine::{Context, Engine, Template};
pub use error::{Place, Problem, Result, TemplateError};
pub use extensions::{Extension, Extensions, Run};
pub use limits::Limits;
pub use syntax::Syntax;

/// The names of the filters that the language has by itself.
pub fn builtin_filters() -> Vec<&'static str> {
    let mut names: Vec<_> = filters::names().collect();
    names.sort_unstable();
    names
}
