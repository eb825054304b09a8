//! Forms from JSON Schemas, without a single pixel: which fields there are, what somebody has
//! entered so far, and what is wrong with it.
//!
//! [`Field::read`] makes fields of a schema. A [`Draft`] holds what was entered, in the shape
//! of the fields: a number stays text while it is being typed. [`check()`] makes the value of a
//! draft and says where it is not valid. What a schema says and these fields cannot show
//! becomes a field of JSON text, so every schema has a form.
//!
//! What a schema asks for may depend on what was entered; [`resolve()`] decides that for one
//! value, and a [`Shape`] keeps fields and draft at what holds now. [`complete()`] fills the defaults of
//! all that into a value that came without a form.
//!
//! Hints follow the conventions of react-jsonschema-form (`ui:widget`, `ui:help`, …), as the
//! templates of Backstage do. The server checks the value again, with a whole validator.

mod check;
mod defaults;
mod depends;
mod draft;
mod entities;
mod field;
mod hints;
mod holds;
mod named;
mod read;
mod resolve;
mod secret;
mod shape;
mod shown;
mod walk;

pub use check::{Outcome, Problem, check};
pub use defaults::complete;
pub use depends::{named_in, needed};
pub use draft::Draft;
pub use entities::EntityChoice;
pub use field::{Alternative, Field, FieldKind, ListRules, NumberRules, Property, TextRules};
pub use hints::Hints;
pub use named::{NAMED_FIELDS, check_named};
pub use resolve::resolve;
pub use secret::{has_secret, secrets, take_secrets, without_secrets};
pub use shape::Shape;
pub use shown::{entities, fields, shown};
pub use walk::each_value;
