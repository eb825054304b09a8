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
    platform_group: Option<String>,
}

impl Authorizer {
    /// An authorizer for which members of `platform_group` (a full group ref) administer;
    /// without one, no person does.
    pub fn new(platform_group: Option<String>) -> Self {
        Self { platform_group }
    }

    /// Whether `principal` administers the portal.
    pub fn is_admin(&self, principal: &Principal) -> bool {
        match principal {
            Principal::LocalAdmin | Principal::System => true,
            Principal::Service { restrictions, .. } => restrictions.is_empty(),
            Principal::User { owns, .. } => self
                .platform_group
                .as_ref()
                .is_some_and(|group| owns.contains(group)),
            Principal::Anonymous => false,
        }
    }

    /// Whether `principal` may do `action` on `resource`, and by which rule.
    pub fn decide(
        &self,
        principal: &Principal,
        action: Action,
        resource: &Resource<'_>,
    ) -> Decision {
        if !principal.is_signed_in() {
            return Decision::Deny("sign in first");
        }
        if self.is_admin(principal) {
            return Decision::Allow("platform administrators administer");
        }
        if let Principal::Service { restrictions, .. } = principal {
            return if restrictions
                .iter()
                .any(|restriction| restriction.covers(action))
            {
                Decision::Allow("the token's access restrictions include it")
            } else {
                Decision::Deny("the token's access restrictions do not include it")
            };
        }
        match action {
            Action::EntityRead
            | Action::LocationRead
            | Action::IngestionRead
            | Action::EntityValidate
            | Action::EntityRefresh
            | Action::ScmRead
            | Action::PluginRead
            | Action::TemplateRead
            | Action::TaskRead => Decision::Allow("everyone signed in reads"),
            Action::TemplateExecute | Action::TemplateDryRun => {
                Decision::Allow("everyone signed in runs templates")
            }
            Action::ScmCreate => Decision::Allow("everyone signed in makes repositories"),
            Action::ScmConfigure => Decision::Allow("everyone signed in sets up repositories"),
            Action::TaskCancel | Action::TaskRetry => match resource {
                Resource::Task { created_by, .. } if *created_by == principal.label() => {
                    Decision::Allow("who created a task stops and retries it")
                }
                _ => Decision::Deny("only who created the task and administrators may do this"),
            },
            Action::OwnSettings => Decision::Allow("everyone keeps their own settings"),
            Action::LocationCreate => Decision::Allow("everyone signed in registers"),
            Action::ScmPropose => Decision::Allow("everyone signed in proposes changes"),
            Action::EntityDelete | Action::LocationDelete | Action::ScmMerge => {
                Self::decide_ownership(principal, resource)
            }
            Action::PluginSubmit => Decision::Allow("everyone signed in hands in plugins"),
            Action::PluginRun => Decision::Allow("everyone signed in runs approved plugins"),
            Action::PluginManage => {
                Decision::Deny("only platform administrators decide about plugins")
            }
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
            Resource::Entity { owners, .. } | Resource::Repository { owners, .. } => {
                owners.iter().any(|owner| claims.contains(owner))
            }
            Resource::Location { created_by, .. } => {
                created_by.is_some_and(|by| claims.iter().any(|claim| claim == by))
            }
            Resource::Any
            | Resource::Plugin(_)
            | Resource::Connection(_)
            | Resource::PublisherKey(_)
            | Resource::Template(_)
            | Resource::Task { .. } => false,
        };
        if owned {
            Decision::Allow("owners manage what they own")
        } else {
            Decision::Deny("only its owners and platform administrators may do this")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Principal {
        Principal::User {
            user_ref: "user:default/ada".into(),
            owns: [
                "user:default/ada".to_owned(),
                "group:default/orders".to_owned(),
            ]
            .into(),
        }
    }

    fn may(who: &Principal, action: Action, resource: &Resource<'_>) -> bool {
        let authorizer = Authorizer::new(Some("group:default/platform".to_owned()));
        authorizer.require(who, action, resource).is_ok()
    }

    #[test]
    fn nobody_reads_without_signing_in() {
        assert!(!may(
            &Principal::Anonymous,
            Action::EntityRead,
            &Resource::Any
        ));
        assert!(may(&ada(), Action::EntityRead, &Resource::Any));
    }

    #[test]
    fn owners_delete_what_they_own_and_nothing_else() {
        let mine = ["group:default/orders".to_owned()];
        let theirs = ["group:default/payments".to_owned()];
        let entity = |owners| Resource::Entity {
            entity_ref: "component:default/a",
            owners,
        };
        assert!(may(&ada(), Action::EntityDelete, &entity(&mine)));
        assert!(!may(&ada(), Action::EntityDelete, &entity(&theirs)));
        assert!(may(
            &Principal::LocalAdmin,
            Action::EntityDelete,
            &entity(&theirs)
        ));
    }

    #[test]
    fn owners_of_a_repository_merge_and_everyone_proposes() {
        let repository = |owner: &str| {
            let owners = [owner.to_owned()];
            let resource = Resource::Repository {
                url: "local:orders-api",
                owners: &owners,
            };
            [Action::ScmRead, Action::ScmPropose, Action::ScmMerge]
                .map(|action| may(&ada(), action, &resource))
        };
        assert_eq!(repository("group:default/orders"), [true, true, true]);
        assert_eq!(repository("group:default/payments"), [true, true, false]);
    }

    #[test]
    fn who_created_a_task_stops_it() {
        let task = |created_by| Resource::Task {
            id: "t",
            created_by,
        };
        let mine = task("user:default/ada");
        let theirs = task("user:default/bob");
        assert!(may(&ada(), Action::TaskCancel, &mine) && may(&ada(), Action::TaskRetry, &mine));
        assert!(!may(&ada(), Action::TaskCancel, &theirs));
        assert!(may(&ada(), Action::TaskRead, &theirs));
        assert!(may(&Principal::LocalAdmin, Action::TaskRetry, &theirs));
    }

    #[test]
    fn members_of_the_platform_group_administer() {
        let admin = Principal::User {
            user_ref: "user:default/grace".into(),
            owns: ["group:default/platform".to_owned()].into(),
        };
        assert!(may(&admin, Action::AuditRead, &Resource::Any));
        assert!(!may(&ada(), Action::AuditRead, &Resource::Any));
        assert!(!Authorizer::new(None).is_admin(&admin));
    }

    #[test]
    fn a_refusal_names_permission_and_rule() {
        let denied = Authorizer::new(None)
            .require(&ada(), Action::AuditRead, &Resource::Any)
            .unwrap_err();
        assert_eq!(denied.permission, "audit.read");
        assert!(
            denied
                .to_string()
                .contains("user:default/ada may not audit.read")
        );
    }
}
