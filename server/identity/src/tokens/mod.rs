//! Access tokens: personal ones, which act as their holder, and those of services, which
//! administrators make.

mod bearer;
mod create;
mod manage;
mod scope;
mod secret;
mod types;

pub(crate) use bearer::Cache;
pub use scope::{AREAS, Area, describe};
pub use types::{IssuedToken, NewToken, TokenKind, TokenView};
