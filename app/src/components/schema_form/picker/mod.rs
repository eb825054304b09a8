//! Fields of the portal's own: `ui:field` of templates, on what the catalog has now.

mod entity;
mod repo_url;

use leptos::prelude::*;
use portico_model::form::{Field, FieldKind};
use serde_json::{Value, json};

use self::entity::EntityField;
use super::{FormState, Place};

pub use repo_url::KnownHosts;

/// The field of a hint, when there is one and it fits the value.
pub(super) fn view(form: FormState, field: &Field, place: &Place) -> Option<AnyView> {
    let name = field.hints.field.as_deref()?;
    let text = matches!(field.kind, FieldKind::Text(_));
    let texts = matches!(&field.kind, FieldKind::List(rules)
        if matches!(rules.item.kind, FieldKind::Text(_)));
    let entities = |usual: &[Value], mine: bool| {
        let entity = EntityField::read(field, usual, mine);
        Some(entity::view(form, field, place.clone(), entity))
    };
    match name {
        "EntityPicker" if text => entities(&[], false),
        "MultiEntityPicker" if texts => entities(&[], false),
        "OwnerPicker" if text => entities(&[json!({"kind": ["Group", "User"]})], false),
        "OwnedEntityPicker" if text => entities(&[], true),
        "MyGroupsPicker" if text => entities(&[json!({"kind": "Group"})], true),
        "RepoUrlPicker" if text => Some(repo_url::view(form, field, place.clone())),
        _ => None,
    }
}

/// What is said below a field whose hint is not known here.
pub(super) fn note(field: &Field) -> Option<String> {
    const KNOWN: [&str; 11] = [
        "EntityNamePicker",
        "EntityPicker",
        "EntityTagsPicker",
        "MultiEntityPicker",
        "MyGroupsPicker",
        "OwnedEntityPicker",
        "OwnerPicker",
        "RepoBranchPicker",
        "RepoOwnerPicker",
        "RepoUrlPicker",
        "Secret",
    ];
    let name = field.hints.field.as_deref()?;
    let unknown = !KNOWN.contains(&name);
    unknown
        .then(|| format!("The template asks for a field of its own, {name}; this is a plain one."))
}
