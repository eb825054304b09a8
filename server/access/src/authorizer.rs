//! The one place that decides.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, OnceLock},
};

use parking_lot::RwLock;

use crate::{
    Action, Decision, Denied, EntityDirectory, Grounds, Policies, Principal, Resource,
    ResourceType, Scope, Witness, in_force::InForce, policies::Question,
};

/// Decides by the policies in force, which can be replaced at any time.
#[derive(Clone)]
pub struct Authorizer(Arc<Inner>);

struct Inner {
    platform_group: Option<String>,
    in_force: RwLock<Arc<InForce>>,
    directory: OnceLock<Arc<dyn EntityDirectory>>,
    witness: OnceLock<Arc<dyn Witness>>,
}

impl Authorizer {
    /// An authorizer with the default policies, for which members of `platform_group` (a full
    /// group ref) administer; without one, no person does.
    pub fn new(platform_group: Option<String>) -> Self {
        Self(Arc::new(Inner {
            platform_group,
            in_force: RwLock::new(Arc::new(InForce::new(Policies::default()))),
            directory: OnceLock::new(),
            witness: OnceLock::new(),
        }))
    }

    /// Has `witness` told of every refusal from now on. Only the first call counts.
    pub fn witnessed_by(&self, witness: Arc<dyn Witness>) {
        let _ = self.0.witness.set(witness);
    }

    /// Has `directory` asked for what policies want to know of entities. Only the first call
    /// counts.
    pub fn informed_by(&self, directory: Arc<dyn EntityDirectory>) {
        let _ = self.0.directory.set(directory);
    }

    /// The policies in force.
    pub fn policies(&self) -> Arc<Policies> {
        Arc::clone(&self.0.in_force.read().policies)
    }

    fn in_force(&self) -> Arc<InForce> {
        Arc::clone(&self.0.in_force.read())
    }

    /// Puts other policies in force, for every decision from now on.
    pub fn put_in_force(&self, policies: Policies) {
        *self.0.in_force.write() = Arc::new(InForce::new(policies));
    }

    /// This authorizer as it would be with other policies, for trying them. It tells nobody.
    #[must_use]
    pub fn with_policies(&self, policies: Policies) -> Self {
        let other = Self::new(self.0.platform_group.clone());
        if let Some(directory) = self.0.directory.get() {
            other.informed_by(Arc::clone(directory));
        }
        other.put_in_force(policies);
        other
    }

    /// Whether `principal` administers the portal: has the role `administrator` in policies.
    pub fn is_admin(&self, principal: &Principal) -> bool {
        match principal {
            Principal::LocalAdmin | Principal::System => true,
            Principal::Service { restrictions, .. } => restrictions.is_empty(),
            Principal::User { owns, .. } => self
                .0
                .platform_group
                .as_ref()
                .is_some_and(|group| owns.contains(group)),
            Principal::Token { holder, .. } => self.is_admin(holder),
            Principal::Anonymous | Principal::Guest { .. } | Principal::Workload { .. } => false,
        }
    }

    /// Whether `principal` may do `action` on `resource`, and what decided. For a list
    /// ([`Resource::Any`]), whether they may do it to anything at all.
    pub fn decide(
        &self,
        principal: &Principal,
        action: Action,
        resource: &Resource<'_>,
    ) -> Decision {
        if let Some(decision) = fixed(principal, action) {
            return decision;
        }
        let of_list =
            matches!(resource, Resource::Any) && !action.on().contains(&ResourceType::Portal);
        if of_list {
            return match self.scope(principal, action) {
                Scope::Nothing => Decision::Deny(Grounds::rule("no policy permits it")),
                _ => Decision::Allow(Grounds::rule("policies permit it for some")),
            };
        }
        let facts = match resource {
            Resource::Entity { entity_ref, .. } | Resource::Template(entity_ref) => self
                .0
                .directory
                .get()
                .and_then(|directory| directory.facts(entity_ref)),
            _ => None,
        };
        self.policies().decide(Question {
            who: principal,
            administers: self.is_admin(principal),
            action,
            resource,
            facts,
            granted: granted(principal, action),
        })
    }

    /// Which resources, of the type that lists of `action` are of, `principal` may do it to.
    pub fn scope(&self, principal: &Principal, action: Action) -> Scope {
        self.scope_in(&self.in_force(), principal, action)
    }

    fn scope_in(&self, in_force: &InForce, principal: &Principal, action: Action) -> Scope {
        match fixed(principal, action) {
            Some(Decision::Allow(_)) => return Scope::Everything,
            Some(Decision::Deny(_)) => return Scope::Nothing,
            None => {}
        }
        let Some(resource) = action.on().first() else {
            return Scope::Nothing;
        };
        in_force.scope(fingerprint(principal, action), |policies| {
            policies.scope(
                principal,
                self.is_admin(principal),
                action,
                *resource,
                granted(principal, action),
            )
        })
    }

    /// Whether `principal` may, for whoever asks before they offer something.
    pub fn allows(&self, principal: &Principal, action: Action, resource: &Resource<'_>) -> bool {
        self.decide(principal, action, resource).is_allow()
    }

    /// As [`Self::decide`], as a `Result` for use with `?`. A refusal is logged and witnessed:
    /// ask [`Self::allows`] where nobody is refused anything.
    pub fn require(
        &self,
        principal: &Principal,
        action: Action,
        resource: &Resource<'_>,
    ) -> Result<Grounds, Denied> {
        match self.decide(principal, action, resource) {
            Decision::Allow(grounds) => Ok(grounds),
            Decision::Deny(grounds) => {
                Err(self.refuse(principal, action.as_str(), resource.label(), grounds))
            }
        }
    }

    /// Refuses what policies are not asked about: a token that does not count, a change that
    /// nobody who is signed in wants. Logged and witnessed as every refusal is.
    pub fn refuse(
        &self,
        principal: &Principal,
        permission: &'static str,
        resource: String,
        grounds: Grounds,
    ) -> Denied {
        let denied = Denied {
            principal: principal.label(),
            anonymous: !principal.is_signed_in(),
            permission,
            resource,
            grounds: Box::new(grounds),
        };
        tracing::info!(
            principal = denied.principal,
            permission = denied.permission,
            resource = denied.resource,
            "denied"
        );
        if let Some(witness) = self.0.witness.get() {
            witness.denied(principal, &denied);
        }
        denied
    }
}

impl std::fmt::Debug for Authorizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authorizer")
            .field("platform_group", &self.0.platform_group)
            .finish_non_exhaustive()
    }
}

/// Rules of Portico's own, which no policy changes.
fn fixed(principal: &Principal, action: Action) -> Option<Decision> {
    match principal {
        Principal::Anonymous => Some(Decision::Deny(Grounds::rule("sign in first"))),
        Principal::System => Some(Decision::Allow(Grounds::rule("Portico itself"))),
        Principal::Token { .. } | Principal::Service { .. } | Principal::Workload { .. }
            if is_for_people(action) =>
        {
            Some(Decision::Deny(Grounds::rule(
                "a token may look after neither tokens nor sessions",
            )))
        }
        Principal::Token { restrictions, .. }
            if !restrictions.is_empty()
                && !restrictions.iter().any(|entry| entry.covers(action)) =>
        {
            Some(Decision::Deny(Grounds::rule(
                "the token's scopes do not include it",
            )))
        }
        _ => None,
    }
}

/// Whether an action takes a person who is signed in: a token that leaked must not make others,
/// nor look after the sessions of its holder.
fn is_for_people(action: Action) -> bool {
    matches!(
        action,
        Action::SessionOwn | Action::SessionManage | Action::TokenManageOwn | Action::TokenManage
    )
}

/// Whether the access restrictions of a service's token cover the action.
fn granted(principal: &Principal, action: Action) -> bool {
    match principal {
        Principal::Service { restrictions, .. } => {
            restrictions.iter().any(|entry| entry.covers(action))
        }
        Principal::Token { holder, .. } => granted(holder, action),
        _ => false,
    }
}

fn fingerprint(principal: &Principal, action: Action) -> u64 {
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(principal).hash(&mut hasher);
    principal.label().hash(&mut hasher);
    principal.claims().hash(&mut hasher);
    principal.roles().hash(&mut hasher);
    granted(principal, action).hash(&mut hasher);
    let holder = match principal {
        Principal::Token { holder, .. } => holder,
        principal => principal,
    };
    std::mem::discriminant(holder).hash(&mut hasher);
    if let Principal::Service { restrictions, .. } = holder {
        restrictions.is_empty().hash(&mut hasher);
    }
    action.hash(&mut hasher);
    hasher.finish()
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
            roles: Arc::default(),
        }
    }

    fn may(who: &Principal, action: Action, resource: &Resource<'_>) -> bool {
        let authorizer = Authorizer::new(Some("group:default/platform".to_owned()));
        authorizer.require(who, action, resource).is_ok()
    }

    #[test]
    fn what_replaced_policies_said_does_not_come_back() {
        let authorizer = Authorizer::new(None);
        let before = authorizer.in_force();
        let frozen = "@id(\"frozen\") forbid (principal, action, resource);";
        authorizer.put_in_force(Policies::parse(frozen).unwrap());
        // As a request that began before, and is slow.
        let late = authorizer.scope_in(&before, &ada(), Action::EntityRead);
        assert_eq!(late, Scope::Everything);
        let now = authorizer.scope(&ada(), Action::EntityRead);
        assert_eq!(now, Scope::Nothing);
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
    fn who_owns_all_that_goes_with_a_location_unregisters_it() {
        let (mine, theirs) = ("group:default/orders", "group:default/payments");
        let unregisters = |goes: &[&[&str]]| {
            let owned = |owners: &&[&str]| owners.iter().map(|&it| it.to_owned()).collect();
            let goes: Vec<Vec<String>> = goes.iter().map(owned).collect();
            let resource = Resource::Location {
                target: "url:https://example.com/a.yaml",
                created_by: Some("user:default/bob"),
                goes: &goes,
            };
            may(&ada(), Action::LocationDelete, &resource)
        };
        assert!(unregisters(&[&[mine]]));
        assert!(unregisters(&[&[mine, theirs], &["user:default/ada"]]));
        assert!(!unregisters(&[&[mine], &[theirs]]));
        assert!(!unregisters(&[&[mine], &[]]), "nobody owns one of them");
        assert!(!unregisters(&[]));
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
    fn somebody_who_is_asked_decides_and_not_who_asked() {
        let decides = |by: &str, created_by: &str, four_eyes: bool| {
            let by = [by.to_owned()];
            let resource = Resource::Approval {
                task: "t",
                created_by,
                by: &by,
                four_eyes,
            };
            (
                may(&ada(), Action::TaskApprove, &resource),
                may(&Principal::LocalAdmin, Action::TaskApprove, &resource),
            )
        };
        let (orders, bob) = ("group:default/orders", "user:default/bob");
        assert_eq!(decides(orders, bob, true), (true, true));
        assert_eq!(decides("group:default/payments", bob, true), (false, true));
        assert_eq!(decides(orders, "user:default/ada", true), (false, true));
        assert_eq!(decides(orders, "user:default/ada", false), (true, true));
        assert_eq!(decides(orders, "local-admin", true), (true, false));
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
            roles: Arc::default(),
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
