//! The one place that decides.

use crate::{Action, Principal, Resource};

/// The answer to "may this principal do this?", with the rule that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes, because of this rule.
    Allow(&'static str),
    /// No, because of this rule.
    Deny(&'static str),
}

/// The refusal a service returns to its caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{principal} may not {permission}: {reason}")]
pub struct Denied {
    /// Who asked.
    pub principal: String,
    /// Whether signing in could help.
    pub anonymous: bool,
    /// The missing permission.
    pub permission: &'static str,
    /// The rule that decided.
    pub reason: &'static str,
}

/// Decides by a few fixed rules: everyone signed in reads; owners and their
/// groups manage what they own; members of the platform group administer.
#[derive(Clone, Debug)]
pub struct Authorizer {
    platform_group: String,
}

impl Authorizer {
    /// An authorizer for which members of `platform_group` (a full group ref) administer.
    pub fn new(platform_group: impl Into<String>) -> Self {
        Self { platform_group: platform_group.into() }
    }

    /// Whether `principal` administers the portal.
    pub fn is_admin(&self, principal: &Principal) -> bool {
        match principal {
            Principal::LocalAdmin | Principal::System | Principal::Service { .. } => true,
            Principal::User { owns, .. } => owns.contains(&self.platform_group),
            Principal::Anonymous => false,
        }
    }

    /// Whether `principal` may do `action` on `resource`, and by which rule.
    pub fn decide(&self, principal: &Principal, action: Action, resource: &Resource<'_>) -> Decision {
        if !principal.is_signed_in() {
            return Decision::Deny("sign in first");
        }
        if self.is_admin(principal) {
            return Decision::Allow("platform administrators administer");
        }
        match action {
            Action::EntityRead
            | Action::LocationRead
            | Action::IngestionRead
            | Action::EntityValidate
            | Action::EntityRefresh => Decision::Allow("everyone signed in reads"),
            Action::OwnSettings => Decision::Allow("everyone keeps their own settings"),
            Action::LocationCreate => Decision::Allow("everyone signed in registers"),
            Action::EntityDelete | Action::LocationDelete => Self::decide_ownership(principal, resource),
            Action::AuditRead => Decision::Deny("only platform administrators read the audit log"),
        }
    }

    /// As [`Self::decide`], as a `Result` for use with `?`.
    pub fn require(
        &self,
        principal: &Principal,
        action: Action,
        resource: &Resource<'_>,
    ) -> Result<&'static str, Denied> {
        match self.decide(principal, action, resource) {
            Decision::Allow(reason) => Ok(reason),
            Decision::Deny(reason) => Err(Denied {
                principal: principal.label(),
                anonymous: !principal.is_signed_in(),
                permission: action.as_str(),
                reason,
            }),
        }
    }

    fn decide_ownership(principal: &Principal, resource: &Resource<'_>) -> Decision {
        let claims = principal.claims();
        let owned = match resource {
            Resource::Entity { owners, .. } => owners.iter().any(|owner| claims.contains(owner)),
            Resource::Location { created_by, .. } => {
                created_by.is_some_and(|by| claims.iter().any(|claim| claim == by))
            }
            Resource::Any => false,
        };
        if owned {
            Decision::Allow("owners manage what they own")
        } else {
            Decision::Deny("only its owners and platform administrators may do this")
        }
    }
}
