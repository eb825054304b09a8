//! What other policies would have decided about what was asked lately.

use std::collections::{BTreeMap, HashMap};

use portico_access::{Action, Authorizer, Principal};
use portico_catalog::AuditFilter;
use portico_store::{AuditEvent, Millis};
use serde::Serialize;

use crate::{Permissions, PermissionsError, Result, Why, explain::why, named::Thing};

/// How many decisions of the audit log are asked again.
const DECISIONS: usize = 1_000;
/// How many people are counted for.
const PEOPLE: usize = 100;

/// What would be different.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Simulation {
    /// How many decisions were asked again.
    pub asked: usize,
    /// How many could not be: who or what they were about is gone.
    pub gone: usize,
    /// Those that would be decided otherwise, newest first.
    pub changes: Vec<Change>,
    /// People who would see another number of entities.
    pub visibility: Vec<Visibility>,
}

/// A decision that would be another one.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// When it was asked last.
    pub at: Millis,
    /// How often it was asked.
    pub times: usize,
    /// Who.
    pub principal: String,
    /// What.
    pub action: String,
    /// On what.
    pub resource: String,
    /// As it is.
    pub before: Why,
    /// As it would be.
    pub after: Why,
}

/// How many entities somebody sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Visibility {
    /// Who.
    pub principal: String,
    /// Now.
    pub before: u64,
    /// With the other policies.
    pub after: u64,
}

impl Permissions {
    /// Asks the last 1,000 decisions of the audit log again, of the policies in force and of
    /// `text`, about people and things as they are now.
    pub async fn simulate(&self, who: &Principal, text: &str) -> Result<Simulation> {
        self.require(who, Action::PolicyRead)?;
        let policies = self.read(text).map_err(|problems| {
            let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
            PermissionsError::Input(problems.join("\n"))
        })?;
        let then = self.authorizer().with_policies(policies);
        let store = self.catalog().store();
        let filter = AuditFilter::default();
        let (events, _) = store.audit_events(&filter, 0, DECISIONS).await?;
        let mut simulation = Simulation::default();
        let mut people: BTreeMap<String, Option<Principal>> = BTreeMap::new();
        let mut found: HashMap<(String, String, String), usize> = HashMap::new();
        for event in events {
            let Some(action) = Action::parse(&event.action) else {
                continue;
            };
            if event.principal == "system" {
                continue;
            }
            let somebody = people
                .entry(event.principal.clone())
                .or_insert_with(|| self.somebody(&event.principal));
            let (Some(somebody), Ok(thing)) =
                (somebody, self.something(action, &event.resource).await)
            else {
                simulation.gone += 1;
                continue;
            };
            simulation.asked += 1;
            let key = (
                event.principal.clone(),
                event.action.clone(),
                event.resource.clone(),
            );
            if let Some(known) = found.get(&key) {
                if let Some(change) = simulation.changes.get_mut(*known) {
                    change.times += 1;
                }
                continue;
            }
            if let Some(change) = self.change(&then, &event, somebody, action, &thing) {
                found.insert(key, simulation.changes.len());
                simulation.changes.push(change);
            }
        }
        let people = people.into_values().flatten().take(PEOPLE);
        simulation.visibility = people
            .filter_map(|somebody| self.visibility(&then, &somebody))
            .collect();
        Ok(simulation)
    }

    fn change(
        &self,
        then: &Authorizer,
        event: &AuditEvent,
        somebody: &Principal,
        action: Action,
        thing: &Thing,
    ) -> Option<Change> {
        let now = self.authorizer();
        let before = now.decide(somebody, action, &thing.resource());
        let after = then.decide(somebody, action, &thing.resource());
        (before.is_allow() != after.is_allow()).then(|| Change {
            at: event.at,
            times: 1,
            principal: event.principal.clone(),
            action: event.action.clone(),
            resource: event.resource.clone(),
            before: why(&before, &now.policies()),
            after: why(&after, &then.policies()),
        })
    }

    fn visibility(&self, then: &Authorizer, somebody: &Principal) -> Option<Visibility> {
        let seen = |authorizer: &Authorizer| {
            let scope = authorizer.scope(somebody, Action::EntityRead);
            self.catalog().count(&scope.predicate())
        };
        let (before, after) = (seen(self.authorizer()), seen(then));
        (before != after).then(|| Visibility {
            principal: somebody.label(),
            before,
            after,
        })
    }
}
