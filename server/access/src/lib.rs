//! Who is asking, and what they may do.
//!
//! Every service call takes a [`Principal`] and asks [`Authorizer::decide`]
//! before it acts. Handlers and pages never decide.

mod action;
mod authorizer;
mod decision;
mod facts;
mod failure;
mod in_force;
mod policies;
mod principal;
mod resource;
mod restriction;
mod token;

pub use action::{Action, ResourceType};
pub use authorizer::Authorizer;
pub use decision::{Decision, Denied, Grounds, Witness};
pub use facts::{EntityDirectory, EntityFacts};
pub use failure::{Failure, FailureKind};
pub use policies::{ADMINISTRATOR, DEFAULT_POLICIES, Policies, PolicyProblem, Scope, schema_text};
pub use principal::{LOCAL_ADMIN, Principal};
pub use resource::Resource;
pub use restriction::Restriction;
pub use token::StaticTokens;
