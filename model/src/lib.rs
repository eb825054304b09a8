//! The software catalog's pure types and rules.
//!
//! Everything here is a function of its arguments: no I/O, no clock, no
//! randomness. The crate compiles to native code and to WebAssembly.

pub mod annotations;
pub mod entity;
pub mod entity_ref;
pub mod flatten;
pub mod form;
pub mod kinds;
pub mod location_ref;
pub mod placeholder;
pub mod pointer;
pub mod predicate;
pub mod projection;
pub mod relation;
mod relations;
pub mod repo_url;
pub mod template;
pub mod validate;
pub mod yaml;

pub use entity::Entity;
pub use entity_ref::{EntityRef, EntityRefError};
pub use flatten::flatten;
pub use location_ref::{LocationRef, LocationRefError};
pub use predicate::{Predicate, PredicateError, Targets, parse_filter_params, parse_query};
pub use projection::Projection;
pub use relation::{EmittedRelation, RelationType};
pub use relations::emitted_relations;
pub use validate::{KnownKinds, Violation, validate_entity};
