//! One question to the policies.

use cedar_policy::{
    Authorizer, Context, Decision as Answer, Effect, Entities, Entity, Request,
    RestrictedExpression,
};

use super::{Policies, SCHEMA, entities, with_stack};
use crate::{Action, Decision, EntityFacts, Grounds, Principal, Resource};

/// What is known beside who asks and what about.
pub(super) fn context(granted: bool, owns_all: bool) -> Option<Context> {
    let known = [("granted", granted), ("ownsAll", owns_all)];
    let known = known.map(|(name, is_so)| {
        let is_so = RestrictedExpression::new_bool(is_so);
        (name.to_owned(), is_so)
    });
    Context::from_pairs(known).ok()
}

/// Whether somebody owns every entity that would go with a location. Nobody owns all of nothing.
fn owns_all(who: &Principal, resource: &Resource<'_>) -> bool {
    let Resource::Location { goes, .. } = resource else {
        return false;
    };
    let owned = |owners: &Vec<String>| owners.iter().any(|it| who.claims().contains(it));
    !goes.is_empty() && goes.iter().all(owned)
}

/// A question, put together.
pub(crate) struct Question<'a> {
    pub(crate) who: &'a Principal,
    /// Whether they administer the portal.
    pub(crate) administers: bool,
    pub(crate) action: Action,
    pub(crate) resource: &'a Resource<'a>,
    pub(crate) facts: Option<EntityFacts>,
    /// Whether access restrictions of a service's token cover the action.
    pub(crate) granted: bool,
}

impl Policies {
    /// The answer to a question about one resource, or about the portal.
    pub(crate) fn decide(&self, question: Question<'_>) -> Decision {
        let action = question.action;
        with_stack(|| self.ask(question)).unwrap_or_else(|| {
            tracing::error!(action = action.as_str(), "policies could not be asked");
            Decision::Deny(Grounds::rule("the policies could not be asked"))
        })
    }

    fn ask(&self, question: Question<'_>) -> Option<Decision> {
        let principal = entities::principal(question.who, question.administers)?;
        let resource: Entity = match question.resource {
            Resource::Any => entities::portal()?,
            resource => entities::resource(resource, question.facts)?,
        };
        let request = Request::new(
            principal.uid(),
            entities::uid("Action", question.action.as_str())?,
            resource.uid(),
            context(question.granted, owns_all(question.who, question.resource))?,
            None,
        )
        .ok()?;
        let mut known = entities::with_parents(&principal, question.who, question.administers);
        known.push(resource);
        let known = Entities::from_entities(known, Some(&SCHEMA)).ok()?;
        let response = Authorizer::new().is_authorized(&request, &self.set, &known);
        for error in response.diagnostics().errors() {
            tracing::error!(%error, "a policy failed");
        }
        let mut reasons: Vec<_> = response
            .diagnostics()
            .reason()
            .map(ToString::to_string)
            .collect();
        reasons.sort_unstable();
        Some(self.explain(response.decision(), &reasons))
    }

    fn explain(&self, answer: Answer, reasons: &[String]) -> Decision {
        let described = reasons
            .iter()
            .filter_map(|id| self.descriptions.get(id))
            .map(String::as_str);
        let policy = (!reasons.is_empty()).then(|| reasons.join(", "));
        let grounds = |reason: String| Grounds { reason, policy };
        match answer {
            Answer::Allow => Decision::Allow(grounds(described.collect::<Vec<_>>().join("; "))),
            Answer::Deny if reasons.is_empty() => {
                Decision::Deny(grounds("no policy permits it".to_owned()))
            }
            Answer::Deny => Decision::Deny(grounds(described.collect::<Vec<_>>().join("; "))),
        }
    }

    /// Whether a policy forbids rather than permits; `None` when there is no such policy.
    pub fn forbids(&self, id: &str) -> Option<bool> {
        Some(self.policy(id)?.effect() == Effect::Forbid)
    }
}
