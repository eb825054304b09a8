//! What somebody may do something to, as a filter.

use std::sync::Arc;

use cedar_policy::{
    Entities, PartialEntities, PartialEntityUid, PartialRequest, PolicyId, TpeResponse,
};
use portico_model::Predicate;

use super::{Policies, SCHEMA, ask::context, entities, lower::Lowering, with_stack};
use crate::{Action, Principal, ResourceType};

/// Which resources of a type somebody may do something to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    Everything,
    /// None of them.
    Nothing,
    /// Those that match. Keys are the catalog's for entities, and attributes of the policies'
    /// schema for all other resources.
    Where(Arc<Predicate>),
}

impl Scope {
    /// The scope as a filter.
    pub fn predicate(&self) -> Predicate {
        match self {
            Self::Everything => Predicate::Always,
            Self::Nothing => Predicate::Never,
            Self::Where(predicate) => predicate.as_ref().clone(),
        }
    }
}

impl Policies {
    /// Which resources of the type somebody may do something to. What cannot be found out
    /// is denied.
    pub(crate) fn scope(
        &self,
        who: &Principal,
        administers: bool,
        action: Action,
        resource: ResourceType,
        granted: bool,
    ) -> Scope {
        with_stack(|| self.evaluate(who, administers, action, resource, granted)).unwrap_or_else(
            || {
                tracing::error!(action = action.as_str(), "policies could not be evaluated");
                Scope::Nothing
            },
        )
    }

    fn evaluate(
        &self,
        who: &Principal,
        administers: bool,
        action: Action,
        resource: ResourceType,
        granted: bool,
    ) -> Option<Scope> {
        let principal = entities::principal(who, administers)?;
        let request = PartialRequest::new(
            PartialEntityUid::from_concrete(principal.uid()),
            entities::uid("Action", action.as_str())?,
            PartialEntityUid::new(entities::type_name(resource.as_str())?, None),
            Some(context(granted, false)?),
            &SCHEMA,
        )
        .ok()?;
        let known = entities::with_parents(&principal, who, administers);
        let known = Entities::from_entities(known, Some(&SCHEMA)).ok()?;
        let known = PartialEntities::from_concrete(known, &SCHEMA).ok()?;
        let response = self.set.tpe(&request, &known, &SCHEMA).ok()?;
        Some(match response.decision() {
            Some(cedar_policy::Decision::Allow) => Scope::Everything,
            Some(cedar_policy::Decision::Deny) => Scope::Nothing,
            None => Self::residual(&response, resource),
        })
    }

    /// Some permit holds, and no forbid does.
    fn residual(response: &TpeResponse<'_>, resource: ResourceType) -> Scope {
        let lowering = Lowering {
            resource,
            dry: false,
        };
        let mut permits = Vec::new();
        if response.true_permits().next().is_some() {
            permits.push(Predicate::Always);
        } else {
            for id in response.residual_permits() {
                permits.push(Self::condition(response, id, &lowering).unwrap_or(Predicate::Never));
            }
        }
        let mut forbids = Vec::new();
        for id in response.residual_forbids() {
            forbids.push(Self::condition(response, id, &lowering).unwrap_or(Predicate::Always));
        }
        let permitted = Predicate::any(permits);
        let filter = match forbids.is_empty() {
            true => permitted,
            false => Predicate::All(vec![
                permitted,
                Predicate::Not(Box::new(Predicate::any(forbids))),
            ]),
        };
        Scope::Where(Arc::new(filter))
    }

    fn condition(
        response: &TpeResponse<'_>,
        id: &PolicyId,
        lowering: &Lowering,
    ) -> Option<Predicate> {
        let policy = response.get_policy(id)?.to_pst().ok()?;
        let mut all = Vec::new();
        for clause in policy.body().clauses() {
            let lowered = match clause {
                cedar_policy::pst::Clause::When(expr) => lowering.predicate(expr),
                cedar_policy::pst::Clause::Unless(expr) => lowering
                    .predicate(expr)
                    .map(|it| Predicate::Not(Box::new(it))),
            };
            match lowered {
                Ok(predicate) => all.push(predicate),
                Err(error) => {
                    tracing::error!(policy = %id, %error, "a policy cannot filter a list");
                    return None;
                }
            }
        }
        Some(Predicate::all(all))
    }
}
