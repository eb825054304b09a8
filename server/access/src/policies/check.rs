//! What is wrong with policies, and where.

use cedar_policy::{ParseErrors, Policy, PolicySet, ValidationMode, Validator};
use miette::Diagnostic;
use serde::Serialize;

use super::{SCHEMA, lower};
use crate::{Action, ResourceType};

/// One mistake in policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyProblem {
    /// Line, from 1, where it is known.
    pub line: Option<usize>,
    /// Column, from 1, where it is known.
    pub column: Option<usize>,
    /// The policy's id, where it has one.
    pub policy: Option<String>,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl PolicyProblem {
    pub(super) fn general(message: String) -> Self {
        Self {
            line: None,
            column: None,
            policy: None,
            message,
        }
    }

    fn at(text: &str, offset: usize, policy: Option<&str>, message: String) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: Some(before.matches('\n').count() + 1),
            column: Some(before[line_start..].chars().count() + 1),
            policy: policy.map(str::to_owned),
            message,
        }
    }

    /// At the beginning of a policy.
    fn of(text: &str, policy: &Policy, message: String) -> Self {
        let id = policy.id().to_string();
        let annotated = format!("@id(\"{id}\")");
        match text.find(&annotated) {
            Some(offset) => Self::at(text, offset, Some(&id), message),
            None => Self {
                policy: Some(id),
                ..Self::general(message)
            },
        }
    }
}

impl std::fmt::Display for PolicyProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "line {line}, column {column}: ")?;
        }
        if let Some(policy) = &self.policy {
            write!(f, "policy \"{policy}\": ")?;
        }
        f.write_str(&self.message)
    }
}

fn offset(error: &dyn Diagnostic) -> Option<usize> {
    error.labels()?.next().map(|label| label.offset())
}

fn message(error: &dyn Diagnostic) -> String {
    match error.help() {
        Some(help) => format!("{error}; {help}"),
        None => error.to_string(),
    }
}

pub(super) fn syntax(text: &str, errors: &ParseErrors) -> Vec<PolicyProblem> {
    errors
        .iter()
        .map(|error| match offset(error) {
            Some(at) => PolicyProblem::at(text, at, None, message(error)),
            None => PolicyProblem::general(message(error)),
        })
        .collect()
}

pub(super) fn without_id(text: &str, policy: &Policy) -> PolicyProblem {
    let source = policy.to_cedar().unwrap_or_default();
    let message = "needs a name: write @id(\"what-it-says\") in front of it".to_owned();
    match text
        .find(source.trim())
        .filter(|_| !source.trim().is_empty())
    {
        Some(at) => PolicyProblem::at(text, at, None, message),
        None => PolicyProblem::general(format!("a policy {message}")),
    }
}

pub(super) fn twice(text: &str, policy: &Policy, id: &str) -> PolicyProblem {
    let annotated = format!("@id(\"{id}\")");
    let message = format!("two policies are called \"{id}\": give one another @id");
    match text.rfind(&annotated) {
        Some(at) => PolicyProblem::at(text, at, Some(id), message),
        None => PolicyProblem::of(text, policy, message),
    }
}

pub(super) fn has_templates() -> PolicyProblem {
    PolicyProblem::general(
        "policy templates (?principal, ?resource) are not used here: write policies".to_owned(),
    )
}

/// What does not fit the schema.
pub(super) fn types(text: &str, set: &PolicySet) -> Vec<PolicyProblem> {
    let result = Validator::new(SCHEMA.clone()).validate(set, ValidationMode::Strict);
    result
        .validation_errors()
        .map(|error| {
            let id = error.policy_id().to_string();
            let message = message(error);
            match (offset(error), set.policy(error.policy_id())) {
                (Some(at), _) => PolicyProblem::at(text, at, Some(&id), message),
                (None, Some(policy)) => PolicyProblem::of(text, policy, message),
                (None, None) => PolicyProblem::general(message),
            }
        })
        .collect()
}

/// What lists could not be filtered by.
pub(super) fn filters(text: &str, set: &PolicySet) -> Vec<PolicyProblem> {
    let mut problems = Vec::new();
    for policy in set.policies() {
        let Ok(parsed) = policy.to_pst() else {
            continue;
        };
        let filtered = [
            (Action::EntityRead, ResourceType::Entity),
            (Action::TaskRead, ResourceType::Task),
        ];
        let listed = filtered
            .iter()
            .filter(|(action, _)| lower::covers(&parsed, action.as_str(), action.verb()));
        for (action, resource) in listed {
            for problem in lower::check(&parsed, *resource) {
                let message = format!("{problem} (lists are filtered by {})", action.as_str());
                problems.push(PolicyProblem::of(text, policy, message));
            }
        }
    }
    problems
}
