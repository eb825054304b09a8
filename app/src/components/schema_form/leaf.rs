//! Fields that hold one value.

use leptos::prelude::*;
use portico_model::form::{Alternative, Draft, Field, NumberRules, TextRules};

use super::super::{Checkbox, Choice, FormField, Input, RadioGroup, Select, Textarea};
use super::{FormState, Place};

/// A text: a line, some lines, or a date and the like.
pub(super) fn text(form: FormState, field: &Field, rules: &TextRules, place: Place) -> AnyView {
    let hints = &field.hints;
    if hints.is("textarea") {
        return lines(form, field, place, hints.rows.unwrap_or(4), false);
    }
    let kind = match (hints.widget.as_deref(), rules.format.as_deref()) {
        (Some("password"), _) => "password",
        _ if hints.field.as_deref() == Some("Secret") => "password",
        (Some("email"), _) | (_, Some("email")) => "email",
        (Some("uri"), _) | (_, Some("uri" | "url")) => "url",
        (Some("date"), _) | (_, Some("date")) => "date",
        (_, Some("time")) => "time",
        _ => "text",
    };
    line(form, field, place, kind, None)
}

/// A number, in the unit it is shown in. It is text to the browser, which would make nothing
/// of what cannot be read yet.
pub(super) fn number(form: FormState, field: &Field, rules: &NumberRules, place: Place) -> AnyView {
    let whole = rules.integer && field.hints.scale.is_none();
    let keyboard = if whole { "numeric" } else { "decimal" };
    line(form, field, place, "text", Some(keyboard))
}

fn line(
    form: FormState,
    field: &Field,
    Place { path, label }: Place,
    kind: &'static str,
    keyboard: Option<&'static str>,
) -> AnyView {
    let value = form.part(&path, |draft| draft.text().to_owned());
    let label = match &field.hints.unit {
        Some(unit) => format!("{label} ({unit})"),
        None => label,
    };
    let (id, error) = (form.id_of(&path), form.problem(&path));
    let (name, help) = (id.clone(), help(field));
    let (placeholder, autofocus) = (field.hints.placeholder.clone(), field.hints.autofocus);
    view! {
        <FormField id label nostrip:help=help error required=field.required>
            <Input
                name
                r#type=kind
                value
                nostrip:placeholder=placeholder
                attr:inputmode=keyboard
                attr:autofocus=autofocus
                on:input=move |event| enter(form, &path, event_target_value(&event))
            />
        </FormField>
    }
    .into_any()
}

fn lines(
    form: FormState,
    field: &Field,
    Place { path, label }: Place,
    rows: u8,
    mono: bool,
) -> AnyView {
    let value = form.part(&path, |draft| draft.text().to_owned());
    let (id, error) = (form.id_of(&path), form.problem(&path));
    let (name, help) = (id.clone(), field.help().map(str::to_owned));
    let placeholder = field.hints.placeholder.clone();
    view! {
        <FormField id label nostrip:help=help error required=field.required>
            <Textarea
                name
                value
                nostrip:placeholder=placeholder
                rows
                mono
                on:input=move |event| enter(form, &path, event_target_value(&event))
            />
        </FormField>
    }
    .into_any()
}

/// How to fill a field in, and what it should have been.
fn help(field: &Field) -> Option<String> {
    let (help, note) = (field.help(), super::picker::note(field));
    match (help, note) {
        (Some(help), Some(note)) => Some(format!("{help} {note}")),
        (help, note) => note.or_else(|| help.map(str::to_owned)),
    }
}

fn enter(form: FormState, path: &[usize], text: String) {
    form.change(path, |draft| *draft = Draft::Text(text));
}

/// Yes or no.
pub(super) fn flag(form: FormState, field: &Field, place: Place) -> AnyView {
    if field.hints.is("switch") {
        let switch = super::group::switch(form, field, &place);
        return view! { <div class="schema-group">{switch}</div> }.into_any();
    }
    let Place { path, label } = place;
    let checked = form.part(&path, Draft::is_on);
    view! {
        <Checkbox
            name=form.id_of(&path)
            label
            nostrip:help=field.help().map(str::to_owned)
            checked
            on:change=move |event| {
                let on = event_target_checked(&event);
                form.change(&path, |draft| draft.switch(on));
            }
        />
    }
    .into_any()
}

/// One of several: a list to open, or all of them to see.
pub(super) fn choice(
    form: FormState,
    field: &Field,
    choices: &[Alternative],
    Place { path, label }: Place,
) -> AnyView {
    let chosen = form.part(&path, |draft| match draft {
        Draft::Choice(Some(at)) => at.to_string(),
        _ => String::new(),
    });
    let chosen = chosen.get_untracked();
    let mut all: Vec<Choice> = choices
        .iter()
        .enumerate()
        .map(|(at, it)| Choice::new(at.to_string(), it.label.clone()))
        .collect();
    let (id, error) = (form.id_of(&path), form.problem(&path));
    let help = field.help().map(str::to_owned);
    let pick = move |path: &[usize], at: &str| {
        let at = at.parse().ok();
        form.change(path, |draft| *draft = Draft::Choice(at));
    };
    if field.hints.is("radio") {
        let value = RwSignal::new(chosen);
        let group = id.clone();
        return view! {
            <div class="field" id=group>
                <RadioGroup
                    name=id
                    label
                    choices=all
                    value
                    on:change=move |_| pick(&path, &value.get_untracked())
                />
                {super::group::notes(help, error)}
            </div>
        }
        .into_any();
    }
    if chosen.is_empty() || !field.required {
        all.insert(0, Choice::new("", "—"));
    }
    view! {
        <FormField id=id.clone() label nostrip:help=help error required=field.required>
            <Select
                name=id
                choices=all
                value=chosen
                on:change=move |event| pick(&path, &event_target_value(&event))
            />
        </FormField>
    }
    .into_any()
}

/// What no field can show.
pub(super) fn json(form: FormState, field: &Field, why: &str, place: Place) -> AnyView {
    let note = format!("JSON, because {why}.");
    let help = match field.help() {
        Some(help) => format!("{help} {note}"),
        None => note,
    };
    let mut field = field.clone();
    field.hints.help = Some(help);
    lines(form, &field, place, field.hints.rows.unwrap_or(3), true)
}
