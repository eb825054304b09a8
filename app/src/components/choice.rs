//! Yes or no, and one of several: checkbox, switch, radio group. All native
//! inputs, styled; events are attached where they are used.

use leptos::prelude::*;

use super::Choice;

/// A checkbox with its label.
#[component]
pub fn Checkbox(
    /// The form field's name.
    #[prop(into)]
    name: String,
    /// What is chosen.
    #[prop(into)]
    label: String,
    /// More about it.
    #[prop(optional, into)]
    help: Option<String>,
    /// Whether it is chosen.
    #[prop(optional, into)]
    checked: Signal<bool>,
    /// What the form sends when chosen.
    #[prop(default = "on")]
    value: &'static str,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                class="check-box"
                type="checkbox"
                name=name
                value=value
                checked=checked.get_untracked()
                prop:checked=move || checked.get()
            />
            <span>
                {label}
                {help.map(|help| view! { <span class="check-help">{help}</span> })}
            </span>
        </label>
    }
}

/// A switch: takes effect at once, without a form being sent.
#[component]
pub fn Switch(
    /// What is switched.
    #[prop(into)]
    label: String,
    /// Whether it is on.
    on: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                class="switch"
                type="checkbox"
                role="switch"
                checked=on.get_untracked()
                prop:checked=move || on.get()
                on:change=move |event| on.set(event_target_checked(&event))
            />
            <span>{label}</span>
        </label>
    }
}

/// One of several, all visible.
#[component]
pub fn RadioGroup(
    /// The form field's name.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What can be chosen.
    choices: Vec<Choice>,
    /// The chosen value.
    value: RwSignal<String>,
) -> impl IntoView {
    view! {
        <fieldset class="radio-group">
            <legend class="field-label">{label}</legend>
            {choices
                .into_iter()
                .map(|choice| {
                    let (own, picked) = (choice.value.clone(), choice.value.clone());
                    view! {
                        <label class="check">
                            <input
                                class="radio"
                                type="radio"
                                name=name.clone()
                                value=choice.value
                                checked=value.with_untracked(|value| *value == own)
                                on:change=move |_| value.set(picked.clone())
                            />
                            <span>{choice.label}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}

/// One of two to four, side by side, taking effect at once.
#[component]
pub fn Segmented(
    /// What is chosen.
    #[prop(into)]
    label: String,
    /// The form field's name, unique on the page.
    #[prop(into)]
    name: String,
    /// What can be chosen.
    choices: Vec<Choice>,
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// Called with what was picked.
    #[prop(into)]
    on_pick: Callback<String>,
) -> impl IntoView {
    view! {
        <fieldset class="segmented">
            <legend class="sr-only">{label}</legend>
            {choices
                .into_iter()
                .map(|choice| {
                    let (own, picked) = (choice.value.clone(), choice.value.clone());
                    view! {
                        <label>
                            <input
                                type="radio"
                                class="sr-only"
                                name=name.clone()
                                checked=value.with_untracked(|value| *value == own)
                                value=choice.value
                                prop:checked=move || value.with(|value| *value == own)
                                on:change=move |_| on_pick.run(picked.clone())
                            />
                            <span>{choice.label}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
