//! What the seam answers.

use crate::Principal;

/// Why somebody may, or may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// The rule in words.
    pub reason: String,
    /// The id of the policy that decided; `None` when it is a rule of Portico's own.
    pub policy: Option<String>,
}

impl Grounds {
    /// A rule of Portico's own.
    pub fn rule(reason: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            policy: None,
        }
    }
}

/// The answer to "may this principal do this?", with what decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes, because of this.
    Allow(Grounds),
    /// No, because of this.
    Deny(Grounds),
}

impl Decision {
    /// Whether it is a yes.
    pub fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }

    /// What decided.
    pub fn grounds(&self) -> &Grounds {
        match self {
            Self::Allow(grounds) | Self::Deny(grounds) => grounds,
        }
    }
}

/// The refusal a service returns to its caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{principal} may not {permission}: {}", grounds.reason)]
pub struct Denied {
    /// Who asked.
    pub principal: String,
    /// Whether signing in could help.
    pub anonymous: bool,
    /// The missing permission.
    pub permission: &'static str,
    /// On what, as audit events name it.
    pub resource: String,
    /// What decided.
    pub grounds: Box<Grounds>,
}

/// Who is told of every refusal that a caller got.
pub trait Witness: Send + Sync {
    /// `who` was refused.
    fn denied(&self, who: &Principal, denied: &Denied);
}
