//! `EntityNamePicker`: a name, and what has it already.

use leptos::prelude::*;
use portico_model::form::{Draft, Field};
use serde_json::Value;

use super::super::{FormState, Place, state::Refusal};
use crate::components::{EntityLink, FormField, Icon, Input, Loader, found_for};
use crate::data::EntityLabel;
use crate::data::fields::same_name;

/// The name. `ui:options.kind` says of which kind it is to be the only one, `unique` that it has
/// to be.
pub(super) fn view(form: FormState, field: &Field, Place { path, label }: Place) -> AnyView {
    let kind = field.hints.options.get("kind").and_then(Value::as_str);
    let kind = kind.map(str::to_owned);
    let value = form.part(&path, |draft| draft.text().to_owned());
    let sought = RwSignal::new(String::new());
    Effect::new(move || sought.set(value.get()));
    let load = Loader::new(move |name: String| {
        let kind = kind.clone();
        async move { same_name(name.trim().to_owned(), kind).await }
    });
    let taken = found_for(sought, load);
    if field.hints.options.get("unique") == Some(&Value::Bool(true)) {
        let path = path.clone();
        on_cleanup({
            let path = path.clone();
            move || form.refuse(&path, None)
        });
        Effect::new(move || {
            // What was found is for a name that may have changed since.
            let found = taken.get();
            let text = found
                .first()
                .and_then(|it| it.entity_ref.rsplit('/').next());
            let refusal = text.map(|text| Refusal {
                text: text.to_owned(),
                why: "Choose another name".to_owned(),
            });
            form.refuse(&path, refusal);
        });
    }
    let (id, error) = (form.id_of(&path), form.problem(&path));
    let (help, autofocus) = (field.help().map(str::to_owned), field.hints.autofocus);
    let placeholder = field.hints.placeholder.clone();
    let list = move || {
        let taken: Vec<EntityLabel> = taken.get();
        (!taken.is_empty()).then(|| {
            let links = taken.into_iter().map(|it| {
                view! { " " <EntityLink entity_ref=it.reference() title=it.entity_ref.clone()/> }
            });
            view! {
                <Icon icon=Icon::TriangleAlert size=14/>
                <span>"This name is taken by" {links.collect_view()}</span>
            }
        })
    };
    view! {
        <FormField id=id.clone() label nostrip:help=help error required=field.required>
            <Input
                name=id
                value
                nostrip:placeholder=placeholder
                attr:autofocus=autofocus
                on:input=move |event| {
                    let text = event_target_value(&event);
                    form.change(&path, |draft| *draft = Draft::Text(text));
                }
            />
        </FormField>
        <p class="field-note" role="status">{list}</p>
    }
    .into_any()
}
