//! What a service's token is limited to.

use serde::{Deserialize, Serialize};

use crate::Action;

/// One entry of a token's `accessRestrictions`. A token may do what any entry covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// Backstage plugin id, for example `catalog`.
    pub plugin: String,
    /// Permission names, for example `catalog.entity.read`; empty means all of the plugin.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Verbs (`create`, `read`, `update`, `delete`); empty means all.
    #[serde(default)]
    pub verbs: Vec<String>,
}

impl Restriction {
    /// Whether the entry covers `action`.
    pub fn covers(&self, action: Action) -> bool {
        let allows =
            |list: &[String], item: &str| list.is_empty() || list.iter().any(|it| it == item);
        self.plugin == action.plugin()
            && allows(&self.permissions, action.as_str())
            && allows(&self.verbs, action.verb())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Authorizer, Decision, Principal, Resource};

    fn decide(restrictions: Vec<Restriction>, action: Action) -> Decision {
        let service = Principal::Service {
            subject: "ci".into(),
            restrictions: Arc::from(restrictions),
        };
        Authorizer::new(None).decide(&service, action, &Resource::Any)
    }

    #[test]
    fn a_personal_token_does_what_its_holder_may_and_it_is_limited_to() {
        let decide = |holder: Principal, restrictions: Vec<Restriction>, action| {
            let token = Principal::Token {
                holder: Arc::new(holder),
                id: "t".into(),
                restrictions: restrictions.into(),
            };
            let authorizer = Authorizer::new(None);
            authorizer.decide(&token, action, &Resource::Any).is_allow()
        };
        let ada = || Principal::User {
            user_ref: "user:default/ada".into(),
            owns: ["user:default/ada".to_owned()].into(),
            roles: Arc::default(),
        };
        let reads = || vec![catalog(&[], &["read"])];
        assert!(decide(ada(), vec![], Action::LocationCreate));
        assert!(!decide(ada(), vec![], Action::AuditRead), "as its holder");
        assert!(decide(ada(), reads(), Action::EntityRead));
        assert!(!decide(ada(), reads(), Action::LocationCreate));
        assert!(!decide(Principal::LocalAdmin, reads(), Action::AuditRead));
        let audit = vec![Restriction {
            plugin: "audit".to_owned(),
            ..catalog(&[], &[])
        }];
        assert!(!decide(ada(), audit, Action::AuditRead), "gives nothing");
    }

    fn catalog(permissions: &[&str], verbs: &[&str]) -> Restriction {
        Restriction {
            plugin: "catalog".to_owned(),
            permissions: permissions.iter().map(|&it| it.to_owned()).collect(),
            verbs: verbs.iter().map(|&it| it.to_owned()).collect(),
        }
    }

    #[test]
    fn a_token_without_restrictions_administers() {
        assert!(matches!(
            decide(vec![], Action::AuditRead),
            Decision::Allow(_)
        ));
    }

    #[test]
    fn a_restricted_token_does_only_what_an_entry_covers() {
        let allowed = |restriction: Restriction, action| {
            matches!(decide(vec![restriction], action), Decision::Allow(_))
        };
        assert!(allowed(catalog(&[], &[]), Action::EntityDelete));
        assert!(!allowed(catalog(&[], &[]), Action::AuditRead));
        assert!(allowed(
            catalog(&["catalog.entity.read"], &[]),
            Action::EntityRead
        ));
        assert!(!allowed(
            catalog(&["catalog.entity.read"], &[]),
            Action::LocationCreate
        ));
        assert!(allowed(catalog(&[], &["read"]), Action::LocationRead));
        assert!(!allowed(catalog(&[], &["read"]), Action::LocationDelete));
    }
}
