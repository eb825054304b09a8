//! What a query asks of an entity: one predicate, however it was written.
//!
//! A predicate speaks of the rows of [`flatten`](crate::flatten()) and of
//! relations. Keys and values are in lower case. It can be serialised, because
//! it travels in the cursors of paged queries.

mod filter;
mod query;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::RelationType;

pub use filter::parse_filter_params;
pub use query::parse_query;

/// A condition on an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Predicate {
    /// Every entity.
    Always,
    /// No entity.
    Never,
    /// All of these hold.
    All(Vec<Predicate>),
    /// At least one of these holds.
    Any(Vec<Predicate>),
    /// This does not hold.
    Not(Box<Predicate>),
    /// A row has this key.
    Exists(String),
    /// A row has this key and one of these values.
    In(String, Vec<String>),
    /// A row has this key and a value that starts so.
    HasPrefix(String, String),
    /// The entity has such a relation.
    HasRelation {
        /// The relation's type, from the entity's side.
        kind: RelationType,
        /// What it may lead to.
        targets: Targets,
    },
}

/// The targets of a relation, by entity reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Targets {
    /// Any entity.
    Any,
    /// One of these references.
    In(Vec<String>),
    /// References that start so.
    HasPrefix(String),
}

/// Why a filter or a query cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PredicateError {
    /// A statement of `filter=` without a key.
    #[error("invalid filter: \"{0}\" is not a statement; write key=value, key= or key")]
    Statement(String),
    /// A part of a `query` has the wrong form.
    #[error("invalid query at {at}: {expected}")]
    Query {
        /// Path of the part, such as `$.$all[0].kind`.
        at: String,
        /// What should be there.
        expected: String,
    },
}

impl Predicate {
    /// All of these: none is everything, one is itself.
    pub fn all(mut parts: Vec<Self>) -> Self {
        match parts.len() {
            0 => Self::Always,
            1 => parts.remove(0),
            _ => Self::All(parts),
        }
    }

    /// One of these: none is nothing, one is itself.
    pub fn any(mut parts: Vec<Self>) -> Self {
        match parts.len() {
            0 => Self::Never,
            1 => parts.remove(0),
            _ => Self::Any(parts),
        }
    }

    /// Whether an entity with these rows satisfies the predicate.
    ///
    /// The rows are those of [`flatten`](crate::flatten()), and a row
    /// `relations.<type>` with the target for each relation. This is the
    /// meaning of a predicate; indexes answer the same faster.
    pub fn matches(&self, rows: &[(String, Option<String>)]) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::All(parts) => parts.iter().all(|part| part.matches(rows)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(rows)),
            Self::Not(part) => !part.matches(rows),
            Self::Exists(key) => rows.iter().any(|(row, _)| row == key),
            Self::In(key, wanted) => values(rows, key).any(|value| wanted.contains(&value)),
            Self::HasPrefix(key, prefix) => {
                values(rows, key).any(|value| value.starts_with(prefix.as_str()))
            }
            Self::HasRelation { kind, targets } => {
                let key = format!("relations.{}", kind.as_str().to_lowercase());
                values(rows, &key).any(|target| match targets {
                    Targets::Any => true,
                    Targets::In(wanted) => wanted.contains(&target),
                    Targets::HasPrefix(prefix) => target.starts_with(prefix.as_str()),
                })
            }
        }
    }

    fn exists(key: &str) -> Self {
        match relation_name(key) {
            None => Self::Exists(key.to_lowercase()),
            Some(name) => Self::relation(name, Targets::Any),
        }
    }

    fn one_of(key: &str, values: impl IntoIterator<Item = String>) -> Self {
        let mut seen = BTreeSet::new();
        let values = values
            .into_iter()
            .map(|value| value.to_lowercase())
            .filter(|value| seen.insert(value.clone()))
            .collect();
        match relation_name(key) {
            None => Self::In(key.to_lowercase(), values),
            Some(name) => Self::relation(name, Targets::In(values)),
        }
    }

    fn has_prefix(key: &str, prefix: &str) -> Self {
        let prefix = prefix.to_lowercase();
        match relation_name(key) {
            None => Self::HasPrefix(key.to_lowercase(), prefix),
            Some(name) => Self::relation(name, Targets::HasPrefix(prefix)),
        }
    }

    /// No entity has a relation of an unknown type.
    fn relation(name: &str, targets: Targets) -> Self {
        RelationType::from_name(name)
            .map_or(Self::Never, |kind| Self::HasRelation { kind, targets })
    }
}

/// The values of a key, in lower case.
fn values<'a>(
    rows: &'a [(String, Option<String>)],
    key: &str,
) -> impl Iterator<Item = String> + use<'a> {
    let key = key.to_owned();
    rows.iter()
        .filter(move |(row, _)| *row == key)
        .filter_map(|(_, value)| value.as_deref().map(str::to_lowercase))
}

/// The name of the relation type that a key `relations.<type>` asks for.
fn relation_name(key: &str) -> Option<&str> {
    const PREFIX: &str = "relations.";
    let (prefix, name) = key.split_at_checked(PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<(String, Option<String>)> {
        [
            ("kind", Some("Component")),
            ("spec.type", Some("service")),
            ("metadata.title", None),
            ("relations.ownedby", Some("group:default/team")),
        ]
        .map(|(key, value)| (key.to_owned(), value.map(str::to_owned)))
        .to_vec()
    }

    #[test]
    fn predicates_mean_what_they_say() {
        let holds = |predicate: Predicate| predicate.matches(&rows());
        let is = |key: &str, value: &str| Predicate::one_of(key, [value.to_owned()]);
        assert!(holds(is("kind", "COMPONENT")));
        assert!(!holds(is("kind", "api")));
        assert!(holds(Predicate::exists("metadata.title")));
        assert!(!holds(is("metadata.title", "")));
        assert!(!holds(Predicate::exists("spec.owner")));
        assert!(holds(Predicate::has_prefix("spec.type", "SER")));
        assert!(!holds(Predicate::has_prefix("spec.type", "x")));
        assert!(holds(Predicate::Not(Box::new(is("kind", "api")))));
        assert!(holds(Predicate::any(vec![
            is("kind", "api"),
            is("spec.type", "service")
        ])));
        assert!(!holds(Predicate::all(vec![
            is("kind", "api"),
            is("spec.type", "service")
        ])));
        assert!(holds(Predicate::all(Vec::new())));
        assert!(!holds(Predicate::any(Vec::new())));
    }

    #[test]
    fn relations_are_asked_by_type() {
        let owned_by = |targets| {
            Predicate::HasRelation {
                kind: RelationType::OwnedBy,
                targets,
            }
            .matches(&rows())
        };
        assert!(owned_by(Targets::Any));
        assert!(owned_by(Targets::In(vec!["group:default/team".to_owned()])));
        assert!(!owned_by(Targets::In(vec![
            "group:default/other".to_owned()
        ])));
        assert!(owned_by(Targets::HasPrefix("group:".to_owned())));
        assert_eq!(
            Predicate::exists("Relations.OwnedBy"),
            Predicate::HasRelation {
                kind: RelationType::OwnedBy,
                targets: Targets::Any
            }
        );
        assert_eq!(Predicate::exists("relations.unknown"), Predicate::Never);
    }

    #[test]
    fn predicates_survive_a_cursor() {
        let predicate = Predicate::all(vec![
            Predicate::one_of("kind", ["Component".to_owned()]),
            Predicate::Not(Box::new(Predicate::exists("relations.partOf"))),
            Predicate::has_prefix("metadata.name", "a"),
            Predicate::Always,
        ]);
        let text = serde_json::to_string(&predicate).unwrap();
        assert_eq!(serde_json::from_str::<Predicate>(&text).unwrap(), predicate);
    }
}
