//! `OptionsPicker`: what a query of the catalog or a plugin offers, by the answers so far.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portico_model::form::{Field, FieldKind, named_in, needed};
use serde_json::Value;

use super::super::{FormState, Place};
use super::answers::answers;
use super::pick::{self, Pick};
use crate::components::{Choice, Loader};
use crate::data::UiError;
use crate::data::fields::field_choices;

pub(super) fn view(form: FormState, field: &Field, place: Place) -> AnyView {
    let options = &field.hints.options;
    let source = options.get("from").cloned().unwrap_or_default();
    let free = options.get("allowArbitraryValues") == Some(&Value::Bool(true));
    let names = named_in(&source);
    let titles = names.iter().map(|name| title_of(form, name)).collect();
    let titles = StoredValue::<Vec<String>>::new(titles);
    let answers = answers(form);
    let asked = {
        let names = names.clone();
        Memo::new(move |_| answers.with(|all| needed(all, &names)))
    };
    let note = Signal::derive(move || {
        let missing = asked.get().err()?;
        let at = names.iter().position(|it| *it == missing)?;
        let title = titles.with_value(|all| all[at].clone());
        Some(format!(
            "Answer “{title}” first: what there is depends on it."
        ))
    });
    // What was offered for the same answers is offered again without asking.
    let known = StoredValue::new(None::<(Value, Vec<Choice>)>);
    let offered = StoredValue::new(move |parameters: Value| {
        let source = source.clone();
        async move {
            let kept = known.try_get_value().flatten();
            if let Some((_, all)) = kept.filter(|(answers, _)| *answers == parameters) {
                return Ok(all);
            }
            let found = field_choices(source, parameters.clone()).await?;
            let choice = |(value, label): (String, String)| Choice::new(value, label);
            let all: Vec<Choice> = found.into_iter().map(choice).collect();
            known.try_set_value(Some((parameters, all.clone())));
            Ok::<_, UiError>(all)
        }
    });
    let load = Loader::new(move |term: String| {
        let asked = asked.get_untracked().ok();
        let all = asked.and_then(|parameters| offered.try_with_value(|ask| ask(parameters)));
        async move {
            let Some(all) = all else {
                return Ok(Vec::new());
            };
            let term = term.trim().to_lowercase();
            let contains = |it: &Choice| {
                it.label.to_lowercase().contains(&term) || it.value.to_lowercase().contains(&term)
            };
            Ok(all.await?.into_iter().filter(contains).collect())
        }
    });
    let chosen = pick::chosen(form, &place.path);
    // What was chosen stays while it is offered, and is shown with its label.
    Effect::new(move || {
        let Ok(parameters) = asked.get() else {
            if !free {
                chosen.set(Vec::new());
            }
            return;
        };
        if chosen.with_untracked(Vec::is_empty) {
            return;
        }
        let all = offered.with_value(|ask| ask(parameters));
        spawn_local(async move {
            let Ok(all) = all.await else { return };
            chosen.try_update(|chosen| {
                chosen.retain_mut(|choice| {
                    let there = all.iter().find(|it| it.value == choice.value);
                    if let Some(there) = there {
                        choice.label.clone_from(&there.label);
                    }
                    free || there.is_some()
                });
            });
        });
    });
    let pick = Pick {
        chosen,
        load,
        free,
        placeholder: "Choose",
        note,
    };
    pick::view(form, field, place, pick)
}

/// What a field of the same page is called; of another page, its name.
fn title_of(form: FormState, name: &str) -> String {
    form.with_field(|field| match &field.kind {
        FieldKind::Object(properties) => properties
            .iter()
            .find(|it| it.name == name)
            .map(|it| it.field.label(name)),
        _ => None,
    })
    .unwrap_or_else(|| name.to_owned())
}
