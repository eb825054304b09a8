//! Who asks and what is asked about, as policies see them.

use std::collections::HashSet;

use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression as Value};

use super::ADMINISTRATOR;
use crate::{EntityFacts, Principal, Resource};

/// A type's name. All of them are literals of this module.
pub(super) fn type_name(name: &str) -> Option<EntityTypeName> {
    name.parse().ok()
}

pub(super) fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    Some(EntityUid::from_type_name_and_id(
        type_name(kind)?,
        EntityId::new(id),
    ))
}

fn text(value: &str) -> Value {
    Value::new_string(value.to_owned())
}

fn texts<'a>(values: impl IntoIterator<Item = &'a String>) -> Value {
    Value::new_set(values.into_iter().map(|value| text(value)))
}

/// Who asks; `None` for those whom policies do not decide about.
pub(super) fn principal(who: &Principal, administers: bool) -> Option<Entity> {
    let kind = match who {
        Principal::Anonymous | Principal::System => return None,
        Principal::Token { holder, .. } => return principal(holder, administers),
        Principal::User { .. } | Principal::LocalAdmin => "User",
        Principal::Guest { .. } => "Guest",
        Principal::Service { .. } => "Service",
        Principal::Workload { .. } => "Workload",
    };
    let label = who.label();
    let attributes = [
        ("name".to_owned(), text(&label)),
        ("owns".to_owned(), texts(who.claims())),
        ("roles".to_owned(), texts(given(who))),
    ];
    Entity::new(
        uid(kind, &label)?,
        attributes.into(),
        parents(who, administers),
    )
    .ok()
}

/// What is asked about.
pub(super) fn resource(resource: &Resource<'_>, facts: Option<EntityFacts>) -> Option<Entity> {
    let (kind, id) = (resource.kind()?.as_str(), resource.label());
    let mut tags = Vec::new();
    let attributes = match resource {
        Resource::Any => vec![],
        Resource::Entity { entity_ref, owners } => {
            let mut facts = facts.unwrap_or_default();
            facts.owners = owners.to_vec();
            tags = labels(&facts);
            entity(entity_ref, &facts)
        }
        Resource::Template(entity_ref) => {
            let facts = facts.unwrap_or_default();
            tags = labels(&facts);
            entity(entity_ref, &facts)
        }
        Resource::Location {
            target, created_by, ..
        } => {
            let mut attributes = vec![("target", text(target))];
            attributes.extend(created_by.map(|by| ("createdBy", text(by))));
            attributes
        }
        Resource::Repository { url, owners } => {
            vec![("url", text(url)), ("owners", texts(*owners))]
        }
        Resource::Plugin(id) | Resource::PublisherKey(id) => vec![("id", text(id))],
        Resource::Connection(name) => vec![("name", text(name))],
        Resource::Task { id, created_by } => {
            vec![("id", text(id)), ("createdBy", text(created_by))]
        }
        Resource::Approval {
            task,
            created_by,
            by,
            four_eyes,
        } => vec![
            ("task", text(task)),
            ("createdBy", text(created_by)),
            ("by", texts(*by)),
            ("fourEyes", Value::new_bool(*four_eyes)),
        ],
    };
    let attributes = attributes
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    Entity::new_with_tags(uid(kind, &id)?, attributes, [], tags).ok()
}

/// The portal itself.
pub(super) fn portal() -> Option<Entity> {
    Some(Entity::new_no_attrs(
        uid("Portal", "portal")?,
        HashSet::new(),
    ))
}

fn entity(entity_ref: &str, facts: &EntityFacts) -> Vec<(&'static str, Value)> {
    let lower = entity_ref.to_lowercase();
    let (kind, rest) = lower.split_once(':').unwrap_or(("", &lower));
    let (namespace, name) = rest.split_once('/').unwrap_or(("default", rest));
    let mut attributes = vec![
        ("ref", text(&lower)),
        ("kind", text(kind)),
        ("namespace", text(namespace)),
        ("name", text(name)),
        ("owners", texts(&facts.owners)),
        ("tagged", texts(&facts.tags)),
        ("systems", texts(&facts.systems)),
    ];
    attributes.extend(facts.kind_type.as_deref().map(|it| ("type", text(it))));
    attributes.extend(facts.lifecycle.as_deref().map(|it| ("lifecycle", text(it))));
    attributes
}

fn labels(facts: &EntityFacts) -> Vec<(String, Value)> {
    let labels = facts.labels.iter();
    labels
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

/// An entity and what it is in, which has to be there for questions about what is in what.
pub(super) fn with_parents(entity: &Entity, who: &Principal, administers: bool) -> Vec<Entity> {
    let mut all: Vec<_> = parents(who, administers)
        .into_iter()
        .map(|uid| Entity::new_no_attrs(uid, HashSet::new()))
        .collect();
    all.push(entity.clone());
    all
}

/// The groups of who asks, and their roles.
fn parents(who: &Principal, administers: bool) -> HashSet<EntityUid> {
    let mut parents: HashSet<_> = given(who).filter_map(|it| uid("Role", it)).collect();
    if administers {
        parents.extend(uid("Role", ADMINISTRATOR));
    }
    let groups = who.claims().iter().filter(|it| it.starts_with("group:"));
    parents.extend(groups.filter_map(|it| uid("Group", it)));
    parents
}

/// The roles that the sign-in provider gave. Who administers is decided here and nowhere else:
/// a provider has a role of that name for something of its own.
fn given(who: &Principal) -> impl Iterator<Item = &String> {
    who.roles().iter().filter(|it| *it != ADMINISTRATOR)
}
