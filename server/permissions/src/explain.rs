//! Why can X do Y to Z?

use portico_access::{Action, Decision, Principal};
use serde::{Deserialize, Serialize};

use crate::{Permissions, PermissionsError, PolicyLine, Result};

/// A question about somebody else.
#[derive(Clone, Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Who, as audit events name principals: `user:default/ada`, `service:ci`, `anonymous`.
    pub principal: String,
    /// What, by the permission's name.
    pub action: String,
    /// On what, as audit events name resources; empty for the portal and for lists.
    #[serde(default)]
    pub resource: String,
    /// Policies to ask instead of those in force.
    #[serde(default)]
    pub text: Option<String>,
}

/// What decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The rule in words.
    pub reason: String,
    /// The policies that decided; none when no policy permits it, or a rule of Portico's own
    /// decided.
    pub policies: Vec<PolicyLine>,
}

/// The answer, and what is known of who was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// What decided.
    pub why: Why,
    /// Their own reference and those of their groups.
    pub owns: Vec<String>,
    /// Roles of the sign-in provider; for people only known while they are signed in.
    pub roles: Vec<String>,
    /// Whether they have the role `administrator`.
    pub administers: bool,
}

impl Permissions {
    /// Answers whether somebody may do something, and why.
    pub async fn explain(&self, who: &Principal, question: &Question) -> Result<Explanation> {
        self.require(who, Action::PolicyRead)?;
        let somebody = self.somebody(question.principal.trim()).ok_or_else(|| {
            PermissionsError::Input(format!(
                "nobody is called \"{}\": write user:default/NAME, service:SUBJECT or anonymous",
                question.principal
            ))
        })?;
        let action = Action::parse(question.action.trim()).ok_or_else(|| {
            PermissionsError::Input(format!("there is no permission \"{}\"", question.action))
        })?;
        let thing = self.something(action, &question.resource).await?;
        let authorizer = match &question.text {
            None => self.authorizer().clone(),
            Some(text) => {
                let policies = self.read(text).map_err(|problems| {
                    let first = problems.first().map(ToString::to_string);
                    PermissionsError::Input(first.unwrap_or_default())
                })?;
                self.authorizer().with_policies(policies)
            }
        };
        let decision = authorizer.decide(&somebody, action, &thing.resource());
        let policies = authorizer.policies();
        Ok(Explanation {
            why: why(&decision, &policies),
            owns: somebody.claims().to_vec(),
            roles: somebody.roles().to_vec(),
            administers: authorizer.is_admin(&somebody),
        })
    }
}

pub(crate) fn why(decision: &Decision, policies: &portico_access::Policies) -> Why {
    let grounds = decision.grounds();
    let ids = grounds.policy.as_deref().unwrap_or_default().split(", ");
    let policies = ids.filter_map(|id| {
        Some(PolicyLine {
            id: id.to_owned(),
            description: policies.descriptions().get(id)?.clone(),
            forbids: policies.forbids(id)?,
        })
    });
    Why {
        allowed: decision.is_allow(),
        reason: grounds.reason.clone(),
        policies: policies.collect(),
    }
}
