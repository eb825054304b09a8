//! Policies, for those who look after them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, UiError};

/// What is in force, and a text to begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoliciesView {
    /// The version in force; 0 is Portico's defaults.
    pub number: i64,
    /// The text to begin with: that version's, or the one that was asked for.
    pub text: String,
    /// The version that the text is of.
    pub of: i64,
    /// Files that the portal does not change: path and text.
    pub files: Vec<(String, String)>,
    /// Every policy in force.
    pub policies: Vec<PolicyRow>,
    /// Why what should be in force is not.
    pub broken: Option<String>,
    /// Whether the person may change them.
    pub may_change: bool,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRow {
    /// Its id.
    pub id: String,
    /// What it says.
    pub description: String,
    /// Whether it forbids.
    pub forbids: bool,
}

/// What is wrong with a text, and how it differs from what is in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyCheck {
    /// Line (0 where it is not known) and message.
    pub problems: Vec<(usize, String)>,
    /// `same`, `added` or `removed`, and the line.
    pub diff: Vec<(String, String)>,
}

/// What policies would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulationView {
    /// Decisions that were asked again.
    pub asked: usize,
    /// Decisions about what is gone.
    pub gone: usize,
    /// Those that would be others.
    pub changes: Vec<ChangedDecision>,
    /// Who would see another number of entities: name, before, after.
    pub visibility: Vec<(String, u64, u64)>,
}

/// A decision that would be another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedDecision {
    /// Who.
    pub principal: String,
    /// What.
    pub action: String,
    /// On what.
    pub resource: String,
    /// How often.
    pub times: usize,
    /// Whether it would be allowed.
    pub allowed: bool,
    /// What would decide.
    pub reason: String,
}

/// The policies in force; with a number, the text of that version to begin with.
#[server(prefix = "/_ui", endpoint = "policies", input = Json, output = Json)]
pub async fn load_policies(from: Option<i64>) -> Result<PoliciesView, UiError> {
    use portico_access::{Action, Resource};

    let context = super::server_context()?;
    let (permissions, who) = (&context.permissions, &context.principal);
    let now = permissions.in_force(who).await?;
    let (of, text) = match from {
        Some(number) => (number, permissions.version(who, number).await?.text),
        None => (now.number, now.text),
    };
    let authorizer = context.catalog.authorizer();
    Ok(PoliciesView {
        number: now.number,
        text,
        of,
        files: now
            .files
            .into_iter()
            .map(|file| (file.path, file.text))
            .collect(),
        policies: now.policies.into_iter().map(PolicyRow::from).collect(),
        broken: now.broken,
        may_change: authorizer.allows(who, Action::PolicyManage, &Resource::Any),
    })
}

/// Looks at a text as it is written.
#[server(prefix = "/_ui", endpoint = "check-policies", input = Json, output = Json)]
pub async fn check_policies(base: i64, text: String) -> Result<PolicyCheck, UiError> {
    let context = super::server_context()?;
    let (permissions, who) = (&context.permissions, &context.principal);
    let problems = permissions.check(who, &text)?;
    let diff = permissions.diff(who, base, &text).await?;
    Ok(PolicyCheck {
        problems: problems
            .into_iter()
            .map(|problem| {
                let named = problem.policy.map(|id| format!("{id}: "));
                let text = format!("{}{}", named.unwrap_or_default(), problem.message);
                (problem.line.unwrap_or_default(), text)
            })
            .collect(),
        diff: diff
            .into_iter()
            .map(|line| (line.change.to_owned(), line.text))
            .collect(),
    })
}

/// What a text would change.
#[server(prefix = "/_ui", endpoint = "simulate-policies", input = Json, output = Json)]
pub async fn simulate_policies(text: String) -> Result<SimulationView, UiError> {
    let context = super::server_context()?;
    let found = context
        .permissions
        .simulate(&context.principal, &text)
        .await?;
    Ok(SimulationView {
        asked: found.asked,
        gone: found.gone,
        changes: found
            .changes
            .into_iter()
            .map(|change| ChangedDecision {
                principal: change.principal,
                action: change.action,
                resource: change.resource,
                times: change.times,
                allowed: change.after.allowed,
                reason: change.after.reason,
            })
            .collect(),
        visibility: found
            .visibility
            .into_iter()
            .map(|it| (it.principal, it.before, it.after))
            .collect(),
    })
}

/// Puts a text in force; the number of its version.
#[server(prefix = "/_ui", endpoint = "put-policies", input = Json, output = Json)]
pub async fn put_policies(base: i64, text: String, note: String) -> Result<i64, UiError> {
    let context = super::server_context()?;
    let (permissions, who) = (&context.permissions, &context.principal);
    Ok(permissions.put_in_force(who, base, &text, &note).await?)
}

/// A version of the policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    /// Its number.
    pub number: i64,
    /// What changed and why.
    pub note: String,
    /// Who wrote it.
    pub created_by: String,
    /// When, in milliseconds since the epoch.
    pub created_at: i64,
}

/// The versions, newest first, and the server's clock.
#[server(prefix = "/_ui", endpoint = "policy-versions", input = Json, output = Json)]
pub async fn load_policy_versions() -> Result<(Vec<VersionRow>, i64), UiError> {
    let context = super::server_context()?;
    let versions = context.permissions.versions(&context.principal).await?;
    let rows = versions.into_iter().map(|version| VersionRow {
        number: version.number,
        note: version.note,
        created_by: version.created_by,
        created_at: version.created_at,
    });
    Ok((rows.collect(), super::now_millis()))
}

/// A question about somebody, and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyView {
    /// Permissions that can be asked about: name and meaning.
    pub actions: Vec<(String, String)>,
    /// The answer, when something was asked.
    pub answer: Option<WhyAnswer>,
    /// Why it could not be answered.
    pub problem: String,
}

/// Why somebody may do something, or may not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyAnswer {
    /// Whether they may.
    pub allowed: bool,
    /// The rule.
    pub reason: String,
    /// The policies that decided.
    pub policies: Vec<PolicyRow>,
    /// Their own reference and those of their groups.
    pub owns: Vec<String>,
    /// Whether they administer.
    pub administers: bool,
}

/// Answers "why can X do Y to Z?"; empty texts ask nothing.
#[server(prefix = "/_ui", endpoint = "why", input = Json, output = Json)]
pub async fn load_why(
    principal: String,
    action: String,
    resource: String,
) -> Result<WhyView, UiError> {
    use portico_permissions::{PermissionsError, Question};

    let context = super::server_context()?;
    let (permissions, who) = (&context.permissions, &context.principal);
    let actions = permissions.actions(who)?;
    let mut view = WhyView {
        actions: actions
            .into_iter()
            .map(|(name, about)| (name.to_owned(), about.to_owned()))
            .collect(),
        ..WhyView::default()
    };
    if principal.is_empty() || action.is_empty() {
        return Ok(view);
    }
    let question = Question {
        principal,
        action,
        resource,
        text: None,
    };
    match permissions.explain(who, &question).await {
        Ok(found) => {
            view.answer = Some(WhyAnswer {
                allowed: found.why.allowed,
                reason: found.why.reason,
                policies: found
                    .why
                    .policies
                    .into_iter()
                    .map(PolicyRow::from)
                    .collect(),
                owns: found.owns,
                administers: found.administers,
            });
        }
        Err(error @ (PermissionsError::Input(_) | PermissionsError::NotFound(_))) => {
            view.problem = error.to_string();
        }
        Err(error) => return Err(error.into()),
    }
    Ok(view)
}

#[cfg(feature = "ssr")]
impl From<portico_permissions::PolicyLine> for PolicyRow {
    fn from(line: portico_permissions::PolicyLine) -> Self {
        Self {
            id: line.id,
            description: line.description,
            forbids: line.forbids,
        }
    }
}
