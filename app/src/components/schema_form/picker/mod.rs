//! Fields of the portal's own: `ui:field` of templates, on what the catalog has now.

mod answers;
mod entity;
mod name;
mod options;
mod pick;
mod repo_url;
mod repository;
mod tags;

use leptos::prelude::*;
use portico_model::form::{EntityChoice, Field, FieldKind, NAMED_FIELDS};

use super::{FormState, Place};

pub use answers::Answers;
pub use repo_url::KnownHosts;

/// The field of a hint, when there is one and it fits the value.
pub(super) fn view(form: FormState, field: &Field, place: &Place) -> Option<AnyView> {
    let name = field.hints.field.as_deref()?;
    let text = matches!(field.kind, FieldKind::Text(_));
    let texts = matches!(&field.kind, FieldKind::List(rules)
        if matches!(rules.item.kind, FieldKind::Text(_)));
    if let Some(choice) = EntityChoice::read(name, &field.hints.options) {
        let fits = if name == "MultiEntityPicker" {
            texts
        } else {
            text
        };
        return fits.then(|| entity::view(form, field, place.clone(), choice));
    }
    match name {
        "EntityNamePicker" if text => Some(name::view(form, field, place.clone())),
        "EntityTagsPicker" if texts => Some(tags::view(form, field, place.clone())),
        "OptionsPicker" if text || texts => Some(options::view(form, field, place.clone())),
        "RepoBranchPicker" if text => Some(repository::branch(form, field, place.clone())),
        "RepoOwnerPicker" if text => Some(repository::owner(form, field, place.clone())),
        "RepoUrlPicker" if text => Some(repo_url::view(form, field, place.clone())),
        _ => None,
    }
}

/// What is said below a field whose hint is not known here.
pub(super) fn note(field: &Field) -> Option<String> {
    let name = field.hints.field.as_deref()?;
    let unknown = !NAMED_FIELDS.contains(&name);
    unknown
        .then(|| format!("The template asks for a field of its own, {name}; this is a plain one."))
}
