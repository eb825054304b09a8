//! Who is asking, and what they may do.
//!
//! Every service call takes a [`Principal`] and asks [`Authorizer::decide`]
//! before it acts. Handlers and pages never decide.

mod action;
mod authorizer;
mod principal;
mod restriction;
mod session;
mod token;

pub use action::{Action, Resource};
pub use authorizer::{Authorizer, Decision, Denied};
pub use principal::Principal;
pub use restriction::Restriction;
pub use session::{LOCAL_ADMIN, Session, SessionKey};
pub use token::StaticTokens;
