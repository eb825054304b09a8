//! `EntityTagsPicker`: tags that entities have, and new ones.

use leptos::prelude::*;
use portico_model::form::Field;
use serde_json::Value;

use super::super::{FormState, Place};
use super::pick::{self, Pick};
use crate::components::{Choice, Loader};
use crate::data::fields::entity_tags;

pub(super) fn view(form: FormState, field: &Field, place: Place) -> AnyView {
    let options = &field.hints.options;
    let kinds = options.get("kinds").and_then(Value::as_array);
    let kinds = kinds.into_iter().flatten().filter_map(Value::as_str);
    let kinds: Vec<String> = kinds.map(str::to_owned).collect();
    let counts = options.get("showCounts") != Some(&Value::Bool(false));
    let load = Loader::new(move |term: String| {
        let kinds = kinds.clone();
        async move {
            let found = entity_tags(term, kinds).await?;
            let choice = |(tag, count): (String, u64)| match counts {
                true => Choice::new(tag.clone(), format!("{tag} ({count})")),
                false => Choice::new(tag.clone(), tag),
            };
            Ok(found.into_iter().map(choice).collect())
        }
    });
    let chosen = pick::chosen(form, &place.path);
    let pick = Pick {
        chosen,
        load,
        free: true,
        placeholder: "Type a tag",
        note: Signal::stored(None),
    };
    pick::view(form, field, place, pick)
}
