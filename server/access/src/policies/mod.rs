//! Policies in Cedar: what they can say, reading them, and asking them.

mod ask;
mod check;
mod entities;
mod lower;
mod scope;

use std::{collections::BTreeMap, fmt::Write as _, str::FromStr as _, sync::LazyLock};

use cedar_policy::{Policy, PolicyId, PolicySet, Schema};

pub(crate) use ask::Question;
pub use check::PolicyProblem;
pub use scope::Scope;

use crate::Action;

/// The policies that hold until others are written.
pub const DEFAULT_POLICIES: &str = include_str!("default.cedar");

/// The role of whoever administers the portal. One of this name that a sign-in provider gives
/// does not count.
pub const ADMINISTRATOR: &str = "administrator";

/// What policies can be about: the types above, and an action for each permission.
static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let schema = Schema::from_cedarschema_str(&schema_text());
    #[expect(clippy::expect_used, reason = "part of the program; a test reads it")]
    let (schema, _) = schema.expect("the schema of policies is valid");
    schema
});

/// The schema that policies are validated against, in Cedar's own language.
pub fn schema_text() -> String {
    let mut text = include_str!("types.cedarschema").to_owned();
    for action in Action::ALL {
        let on: Vec<_> = action.on().iter().map(|it| it.as_str()).collect();
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n// {}\naction \"{}\" in [\"{}\"] appliesTo {{\n    \
             principal: [User, Guest, Service, Workload],\n    resource: [{}],\n    \
             context: Asked\n}};\n",
            action.about(),
            action.as_str(),
            action.verb(),
            on.join(", "),
        );
    }
    text
}

/// Runs an evaluation with the stack it needs: Cedar gives up where too little is left, as on
/// the small stacks that plugins call the portal from.
fn with_stack<T>(evaluate: impl FnOnce() -> T) -> T {
    const NEEDED: usize = 512 * 1024;
    const GROWN: usize = 4 * 1024 * 1024;
    stacker::maybe_grow(NEEDED, GROWN, evaluate)
}

/// A set of policies that was read and found valid.
#[derive(Clone, Debug)]
pub struct Policies {
    text: String,
    set: PolicySet,
    descriptions: BTreeMap<String, String>,
}

impl Policies {
    /// Reads policies. Each needs an `@id` of its own, must fit the schema, and, where it is
    /// about what lists are of, must be a condition that lists can be filtered by.
    pub fn parse(text: &str) -> Result<Self, Vec<PolicyProblem>> {
        let read = PolicySet::from_str(text).map_err(|errors| check::syntax(text, &errors))?;
        let mut problems = Vec::new();
        let mut named = Vec::new();
        let mut descriptions = BTreeMap::new();
        for policy in read.policies() {
            match policy.annotation("id").filter(|id| !id.is_empty()) {
                None => problems.push(check::without_id(text, policy)),
                Some(id) if descriptions.contains_key(id) => {
                    problems.push(check::twice(text, policy, id));
                }
                Some(id) => {
                    let about = policy.annotation("description").unwrap_or(id);
                    descriptions.insert(id.to_owned(), about.to_owned());
                    named.push(policy.new_id(PolicyId::new(id)));
                }
            }
        }
        if read.templates().next().is_some() {
            problems.push(check::has_templates());
        }
        let set = PolicySet::from_policies(named)
            .map_err(|error| vec![PolicyProblem::general(error.to_string())])?;
        problems.extend(check::types(text, &set));
        problems.extend(check::filters(text, &set));
        if problems.is_empty() {
            Ok(Self {
                text: text.to_owned(),
                set,
                descriptions,
            })
        } else {
            Err(problems)
        }
    }

    /// These policies and others; each id must be of one policy only.
    pub fn with(&self, others: &Self) -> Result<Self, PolicyProblem> {
        let mut both = self.clone();
        for policy in others.set.policies() {
            both.set.add(policy.clone()).map_err(|_| {
                let id = policy.id().to_string();
                PolicyProblem {
                    message: format!("another policy is called \"{id}\": give one another @id"),
                    policy: Some(id),
                    line: None,
                    column: None,
                }
            })?;
        }
        both.descriptions.extend(others.descriptions.clone());
        both.text = format!("{}\n{}", self.text, others.text);
        Ok(both)
    }

    /// The text that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The id of each policy with its description.
    pub fn descriptions(&self) -> &BTreeMap<String, String> {
        &self.descriptions
    }

    fn policy(&self, id: &str) -> Option<&Policy> {
        self.set.policy(&PolicyId::new(id))
    }
}

impl Default for Policies {
    /// [`DEFAULT_POLICIES`].
    fn default() -> Self {
        static DEFAULT: LazyLock<Policies> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "part of the program; a test reads it")]
            Policies::parse(DEFAULT_POLICIES).expect("the default policies are valid")
        });
        DEFAULT.clone()
    }
}

#[cfg(test)]
mod tests;
