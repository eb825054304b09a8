//! A form for any JSON Schema: plugins' configuration, input of actions, grants.
//!
//! Which fields there are and what is valid is decided in [`portico_model::form`]; here is how
//! they look. Whoever knows JSON better than forms may write it instead.

mod group;
mod leaf;
mod patterns;
mod picker;
mod state;

use leptos::prelude::*;
use portico_model::form::{Field, FieldKind};

pub use picker::{Answers, KnownHosts};
pub use state::FormState;
use state::Place;

use super::{Button, ButtonKind, FormField, Icon, Remount, Textarea};

/// The fields of a form, or its value as JSON.
#[component]
pub fn SchemaForm(
    /// What is filled in.
    form: FormState,
    /// What the value is called, for the field of JSON.
    #[prop(into)]
    label: String,
    /// Many small fields: side by side where there is room.
    #[prop(optional)]
    dense: bool,
) -> impl IntoView {
    let remount = Remount::new();
    let fields = move || {
        form.track_replaced();
        remount.draw(|| form.with_field(|field| root(form, field)))
    };
    let as_json = Memo::new(move |_| form.json().with(Option::is_some));
    let json = move |label: String| {
        let text = form.json();
        view! {
            <FormField id=form.id_of(&[]) label required=true error=form.json_problem()>
                <Textarea
                    name="json"
                    value=Signal::derive(move || text.get().unwrap_or_default())
                    rows=12
                    mono=true
                    on:input=move |event| text.set(Some(event_target_value(&event)))
                />
            </FormField>
        }
    };
    view! {
        <div class="schema-form" class:schema-dense=dense>
            {move || match as_json.get() {
                true => json(label.clone()).into_any(),
                false => fields().into_any(),
            }}
            {(!form.has_secret()).then(|| view! {
                <div class="schema-switch">
                    <Button
                        kind=ButtonKind::Ghost
                        small=true
                        icon=Icon::Braces
                        on:click=move |_| form.toggle_json()
                    >
                        {move || if as_json.get() { "Edit as form" } else { "Edit as JSON" }}
                    </Button>
                </div>
            })}
        </div>
    }
}

/// The form's own object needs no frame: whoever shows the form says what it is.
fn root(form: FormState, field: &Field) -> AnyView {
    match &field.kind {
        FieldKind::Object(properties) => group::fields(form, properties, &Place::root()),
        _ => view(form, field, Place::root()),
    }
}

/// One field, whatever it is.
fn view(form: FormState, field: &Field, place: Place) -> AnyView {
    if field.hints.hidden() {
        return ().into_any();
    }
    if let Some(view) = picker::view(form, field, &place) {
        return view;
    }
    match &field.kind {
        FieldKind::Object(properties) => group::object(form, field, properties, place),
        FieldKind::List(rules) if field.is_selection() => {
            group::selection(form, field, rules, place)
        }
        FieldKind::List(rules) => group::list(form, field, rules, place),
        FieldKind::Map(each) => group::map(form, field, each, place),
        FieldKind::Text(rules) => leaf::text(form, field, rules, place),
        FieldKind::Number(rules) => leaf::number(form, field, rules, place),
        FieldKind::Flag => leaf::flag(form, field, place),
        FieldKind::Choice(choices) => leaf::choice(form, field, choices, place),
        FieldKind::Json(why) => leaf::json(form, field, why, place),
        // There is nothing to decide.
        FieldKind::Constant(_) => ().into_any(),
    }
}
