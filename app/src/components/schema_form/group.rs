//! Fields that hold other fields: objects, lists, and values with names.

use leptos::prelude::*;
use portico_model::form::{Draft, Field, FieldKind, ListRules, Property};

use super::super::{Button, ButtonKind, Checkbox, Icon, IconButton, Input};
use super::{FormState, Place, view};

/// The fields of an object, one below the other.
pub(super) fn fields(form: FormState, properties: &[Property], place: &Place) -> AnyView {
    let fields = properties.iter().enumerate().map(|(at, it)| {
        let place = place.inside(at, it.field.label(&it.name));
        view(form, &it.field, place)
    });
    view! { <div class="schema-fields">{fields.collect_view()}</div> }.into_any()
}

/// An object; one that may be left out has a switch.
pub(super) fn object(
    form: FormState,
    field: &Field,
    properties: &[Property],
    place: Place,
) -> AnyView {
    let help = field.help().map(str::to_owned);
    let error = form.problem(&place.path);
    let (id, label) = (form.id_of(&place.path), place.label.clone());
    if field.required {
        return view! {
            <fieldset class="schema-group" id=id>
                <legend class="field-label">{label}</legend>
                {notes(help, error)}
                {fields(form, properties, &place)}
            </fieldset>
        }
        .into_any();
    }
    let on = form.part(&place.path, Draft::is_on);
    let properties = StoredValue::new(properties.to_vec());
    let switch = switch(form, field, &place);
    view! {
        <div class="schema-group" role="group" aria-label=label>
            {switch}
            {notes(None, error)}
            {move || on.get().then(|| properties.with_value(|it| fields(form, it, &place)))}
        </div>
    }
    .into_any()
}

/// Switches something on, or lets it be there.
pub(super) fn switch(form: FormState, field: &Field, place: &Place) -> impl IntoView + use<> {
    let Place { path, label } = place.clone();
    let id = form.id_of(&path);
    let on = form.part(&path, Draft::is_on);
    let help = field.help().map(str::to_owned);
    view! {
        <label class="check">
            <input
                class="switch"
                type="checkbox"
                role="switch"
                id=id
                checked=on.get_untracked()
                prop:checked=move || on.get()
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    form.change(&path, |draft| draft.switch(on));
                }
            />
            <span>
                <span class="field-label">{label}</span>
                {help.map(|help| view! { <span class="check-help">{help}</span> })}
            </span>
        </label>
    }
}

/// A list, with values to add and to take out.
pub(super) fn list(form: FormState, field: &Field, rules: &ListRules, place: Place) -> AnyView {
    let item = StoredValue::new(rules.item.clone());
    let count = form.part(&place.path, Draft::len);
    let own = place.clone();
    let rows = move || {
        let rows = (0..count.get()).map(|at| {
            let inner = own.inside(at, format!("{} {}", own.label, at + 1));
            let remove = remove_button(form, &own, at, &inner.label);
            let value = item.with_value(|item| view(form, item, inner));
            view! { <li class="schema-item"><div>{value}</div>{remove}</li> }
        });
        view! { <ul class="schema-items">{rows.collect_view()}</ul> }
    };
    let add = move || item.with_value(|item| Draft::of(item, None));
    many(form, field, place, rows.into_any(), add)
}

/// Values with names.
pub(super) fn map(form: FormState, field: &Field, each: &Field, place: Place) -> AnyView {
    let each = StoredValue::new(each.clone());
    let count = form.part(&place.path, Draft::len);
    let own = place.clone();
    let rows = move || {
        let rows = (0..count.get()).map(|at| {
            let inner = own.inside(at, "Value".to_owned());
            let remove = remove_button(form, &own, at, &format!("{} {}", own.label, at + 1));
            let name = name(form, &own, at);
            let value = each.with_value(|each| view(form, each, inner));
            view! { <li class="schema-item schema-entry"><div>{name}</div><div>{value}</div>{remove}</li> }
        });
        view! { <ul class="schema-items">{rows.collect_view()}</ul> }
    };
    let add = move || each.with_value(|each| Draft::of(each, None));
    many(form, field, place, rows.into_any(), add)
}

fn name(form: FormState, place: &Place, at: usize) -> impl IntoView + use<> {
    let id = format!("{}-name-{at}", form.id_of(&place.path));
    let path = place.path.clone();
    let value = form.part(&path, move |draft| match draft {
        Draft::Map { names, .. } => names.get(at).cloned().unwrap_or_default(),
        _ => String::new(),
    });
    let enter = move |text: String| {
        form.change(&path, |draft| {
            if let Draft::Map { names, .. } = draft
                && let Some(name) = names.get_mut(at)
            {
                *name = text;
            }
        });
    };
    view! {
        <super::FormField id=id.clone() label="Name" required=true>
            <Input name=id value on:input=move |event| enter(event_target_value(&event))/>
        </super::FormField>
    }
}

/// Any number of values: what they are, the rows, and how to add one. Nothing at all is not
/// the same as an empty list, which says that there are none.
fn many(
    form: FormState,
    field: &Field,
    Place { path, label }: Place,
    rows: AnyView,
    new: impl Fn() -> Draft + Send + Sync + 'static,
) -> AnyView {
    let id = form.id_of(&path);
    let help = field.help().map(str::to_owned);
    let error = form.problem(&path);
    let on = form.part(&path, Draft::is_on);
    let count = form.part(&path, Draft::len);
    let optional = !field.required;
    let (adding, switching) = (path.clone(), path);
    let add = move |_| form.change(&adding, |draft| draft.add(new()));
    view! {
        <fieldset class="schema-group" id=id>
            <legend class="field-label">
                {label}
                {optional.then(|| view! { <span class="field-optional">"optional"</span> })}
            </legend>
            {notes(help, error)}
            {rows}
            <div class="schema-tools">
                <Button small=true icon=Icon::Plus on:click=add>"Add"</Button>
                {move || (optional && count.get() == 0).then(|| {
                    let path = switching.clone();
                    let (said, change) = match on.get() {
                        true => ("Empty: there are none.", "Leave it out"),
                        false => ("Left out.", "Say that there are none"),
                    };
                    let toggle = |draft: &mut Draft| draft.switch(!draft.is_on());
                    view! {
                        <span class="field-help">{said}</span>
                        <Button
                            kind=ButtonKind::Ghost
                            small=true
                            on:click=move |_| form.change(&path, toggle)
                        >
                            {change}
                        </Button>
                    }
                })}
            </div>
        </fieldset>
    }
    .into_any()
}

fn remove_button(form: FormState, place: &Place, at: usize, what: &str) -> impl IntoView + use<> {
    let path = place.path.clone();
    view! {
        <IconButton
            icon=Icon::Trash2
            label=format!("Remove {what}")
            small=true
            tooltip="left"
            on:click=move |_| form.change(&path, |draft| draft.remove(at))
        />
    }
}

/// A list of which each value can be chosen or not.
pub(super) fn selection(
    form: FormState,
    field: &Field,
    rules: &ListRules,
    Place { path, label }: Place,
) -> AnyView {
    let FieldKind::Choice(choices) = &rules.item.kind else {
        return ().into_any();
    };
    let id = form.id_of(&path);
    let boxes = choices.iter().enumerate().map(|(at, choice)| {
        let own = Draft::Choice(Some(at));
        let sought = own.clone();
        let checked = form.part(&path, move |draft| match draft {
            Draft::List { items, .. } => items.contains(&sought),
            _ => false,
        });
        let (path, name) = (path.clone(), id.clone());
        let toggle = move |chosen: bool| {
            form.change(&path, |draft| {
                if let Draft::List { items, on } = draft {
                    *on = true;
                    items.retain(|it| *it != own);
                    if chosen {
                        items.push(own.clone());
                    }
                }
            });
        };
        view! {
            <Checkbox
                name
                label=choice.label.clone()
                checked
                on:change=move |event| toggle(event_target_checked(&event))
            />
        }
    });
    let boxes = boxes.collect_view();
    let (help, error) = (field.help().map(str::to_owned), form.problem(&path));
    view! {
        <fieldset class="schema-group" id=id.clone()>
            <legend class="field-label">{label}</legend>
            {notes(help, error)}
            <div class="schema-choices">{boxes}</div>
        </fieldset>
    }
    .into_any()
}

/// How to fill in what has no [`FormField`](super::FormField), and what is wrong with it.
pub(super) fn notes(help: Option<String>, error: Signal<String>) -> impl IntoView {
    view! {
        {help.map(|help| view! { <p class="field-help">{help}</p> })}
        <p class="field-error" role="alert">
            {move || error.with(|text| !text.is_empty()).then(|| view! {
                <Icon icon=Icon::CircleAlert size=14/>
                {error.get()}
            })}
        </p>
    }
}
