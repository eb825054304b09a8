//! What a service's token is limited to.

use crate::Action;

/// One entry of a token's `accessRestrictions`. A token may do what any entry covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// Backstage plugin id, for example `catalog`.
    pub plugin: String,
    /// Permission names, for example `catalog.entity.read`; empty means all of the plugin.
    pub permissions: Vec<String>,
    /// Verbs (`create`, `read`, `update`, `delete`); empty means all.
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
