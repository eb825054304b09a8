//! The people of the catalog: who can sign in, and what they own.

use std::{collections::HashSet, sync::Arc};

use portico_access::Principal;
use portico_index::Label;
use portico_model::{EntityRef, Predicate, RelationType};

use crate::{Catalog, query::EntityQuery, read_model::State};

/// How deep group nesting is followed.
const MAX_GROUP_DEPTH: usize = 32;

/// A user of the catalog.
#[derive(Clone, Debug)]
pub struct Person {
    /// Full reference, `user:default/ada`.
    pub user_ref: String,
    /// What to call them.
    pub label: Label,
}

impl Catalog {
    /// The users of the catalog by name, at most `limit`.
    pub fn people(&self, limit: usize) -> Vec<Person> {
        let query = EntityQuery {
            predicate: Predicate::In("kind".to_owned(), vec!["user".to_owned()]),
            order: vec![("metadata.name".to_owned(), portico_index::Direction::Asc)],
            limit,
            ..EntityQuery::default()
        };
        self.labels(&Principal::System, &query).map_or_else(
            |_| Vec::new(),
            |page| {
                page.items
                    .into_iter()
                    .map(|label| Person {
                        user_ref: label.entity_ref.to_string(),
                        label,
                    })
                    .collect()
            },
        )
    }

    /// The principal for a user of the catalog with all groups they belong to,
    /// nested groups included; `None` when there is no such user.
    pub fn principal(&self, user_ref: &EntityRef) -> Option<Principal> {
        self.member(user_ref, &[])
    }

    /// The same for somebody who is a member of more groups than the catalog says (full refs),
    /// and of all groups above those.
    pub fn member(&self, user_ref: &EntityRef, groups: &[&str]) -> Option<Principal> {
        let name = user_ref.to_string();
        let owns = self.read_model().read(|state| {
            state.index.slot(&name)?;
            Some(memberships(state, &name, groups))
        })?;
        Some(Principal::User {
            user_ref: name.into(),
            owns: owns.into(),
            roles: Arc::default(),
        })
    }
}

/// The user itself, the groups it is a member of (these among them), and all groups above those.
fn memberships(state: &State, user_ref: &str, groups: &[&str]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut level: Vec<String> = std::iter::once(&user_ref)
        .chain(groups)
        .map(|&name| name.to_owned())
        .filter(|name| seen.insert(name.clone()))
        .collect();
    let mut ordered = level.clone();
    for _ in 0..MAX_GROUP_DEPTH {
        let mut next = Vec::new();
        for name in &level {
            let Some(slot) = state.index.slot(name) else {
                continue;
            };
            for kind in [RelationType::ChildOf, RelationType::MemberOf] {
                for target in state.index.related(slot, kind) {
                    if seen.insert(target.to_owned()) {
                        next.push(target.to_owned());
                    }
                }
            }
        }
        if next.is_empty() {
            break;
        }
        ordered.extend(next.iter().cloned());
        level = next;
    }
    ordered
}
