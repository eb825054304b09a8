//! Entities of the catalog, found while one types.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portico_model::form::{Draft, Field, FieldKind};
use serde_json::{Value, json};

use super::super::{FormState, Place};
use crate::components::{Choice, Combobox, FormField, Loader};
use crate::data::find::{entity_labels, find_entities};

/// Which entities a field offers.
pub(super) struct EntityField {
    filters: Vec<Value>,
    mine: bool,
    multiple: bool,
}

impl EntityField {
    /// As the options say: `catalogFilter`, or its older form `allowedKinds`.
    pub(super) fn read(field: &Field, usual: &[Value], mine: bool) -> Self {
        let options = &field.hints.options;
        let filters = match (options.get("catalogFilter"), options.get("allowedKinds")) {
            (Some(Value::Array(filters)), _) => filters.clone(),
            (Some(filter @ Value::Object(_)), _) => vec![filter.clone()],
            (_, Some(kinds @ Value::Array(_))) => vec![json!({ "kind": kinds })],
            _ => usual.to_vec(),
        };
        Self {
            filters,
            mine,
            multiple: matches!(field.kind, FieldKind::List(_)),
        }
    }
}

pub(super) fn view(
    form: FormState,
    field: &Field,
    Place { path, label }: Place,
    EntityField {
        filters,
        mine,
        multiple,
    }: EntityField,
) -> AnyView {
    let reading = path.clone();
    let chosen = form.part(&path, |draft| match draft {
        Draft::List { items, .. } => items.iter().map(|it| it.text().to_owned()).collect(),
        draft => Some(draft.text().to_owned())
            .filter(|it| !it.is_empty())
            .into_iter()
            .collect::<Vec<_>>(),
    });
    let selected = RwSignal::new(choices(&chosen.get_untracked()));
    // What was put in from outside, by a draft that was restored say.
    Effect::new(move || {
        let refs = chosen.get();
        if selected.with_untracked(|all| values(all) != refs) {
            selected.set(choices(&refs));
        }
        spawn_local(async move {
            let titles = entity_labels(refs.clone()).await.unwrap_or_default();
            if titles.is_empty() || selected.try_with_untracked(|all| values(all)) != Some(refs) {
                return;
            }
            selected.update(|all| {
                for (choice, title) in all.iter_mut().zip(titles) {
                    choice.label = title.title;
                }
            });
        });
    });
    Effect::new(move || {
        let picked = selected.with(|all| values(all));
        if picked != chosen.get_untracked() {
            form.change(&reading, |draft| fill(draft, picked));
        }
    });
    let load = Loader::new(move |term: String| {
        let filters = filters.clone();
        async move {
            let found = find_entities(term, filters, mine).await?;
            let choice = |it: crate::data::EntityLabel| Choice::new(it.entity_ref, it.title);
            Ok(found.into_iter().map(choice).collect())
        }
    });
    let (id, error) = (form.id_of(&path), form.problem(&path));
    let help = field.help().map(str::to_owned);
    let placeholder = field.hints.placeholder.clone();
    let placeholder = placeholder.unwrap_or_else(|| "Type to search the catalog".to_owned());
    view! {
        <FormField id=id.clone() label=label.clone() nostrip:help=help error required=field.required>
            <Combobox name=id label load selected multiple eager=true placeholder/>
        </FormField>
    }
    .into_any()
}

fn values(choices: &[Choice]) -> Vec<String> {
    choices.iter().map(|it| it.value.clone()).collect()
}

fn choices(refs: &[String]) -> Vec<Choice> {
    let choice = |it: &String| Choice::new(it.clone(), it.clone());
    refs.iter().map(choice).collect()
}

fn fill(draft: &mut Draft, mut refs: Vec<String>) {
    match draft {
        Draft::List { items, on } => {
            *on = true;
            *items = refs.into_iter().map(Draft::Text).collect();
        }
        draft => *draft = Draft::Text(refs.pop().unwrap_or_default()),
    }
}
