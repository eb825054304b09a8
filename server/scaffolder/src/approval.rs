//! What people decided about steps, and what is left to decide.

use std::{collections::HashMap, time::Duration};

/// A question to people: may this be done?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalNeeded {
    /// The id of the step; none for the whole template.
    pub step: Option<String>,
    /// Full refs of groups and users, any of whom decides.
    pub by: Vec<String>,
    /// What they are asked.
    pub reason: Option<String>,
    /// How long they have.
    pub expires_after: Duration,
    /// Whether it takes somebody else than who created the task.
    pub four_eyes: bool,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may be done.
    Approved,
    /// It may not, and why.
    Refused(String),
}

/// Decisions by the id of the step; that about the whole template has none.
pub type Decisions = HashMap<Option<String>, Decision>;
