//! Choosing one of a few: a native select, which every platform knows how to show.

use leptos::prelude::*;

use super::Icon;
use super::form_field::FieldContext;

/// A value and the text that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What is shown.
    pub label: String,
}

impl Choice {
    /// A choice of `value` shown as `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A drop-down list of choices.
#[component]
pub fn Select(
    /// The form field's name.
    #[prop(into)]
    name: String,
    /// What can be chosen.
    choices: Vec<Choice>,
    /// The chosen value.
    #[prop(optional, into)]
    value: String,
    /// The name, when no label is tied to it.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let field = FieldContext::current();
    view! {
        <span class="select">
            <select
                class="input"
                id=field.id()
                name=name
                aria-label=label
                aria-describedby=field.described_by()
                aria-invalid=field.aria_invalid()
            >
                {choices
                    .into_iter()
                    .map(|choice| {
                        let selected = choice.value == value;
                        view! { <option value=choice.value selected=selected>{choice.label}</option> }
                    })
                    .collect_view()}
            </select>
            <Icon icon=Icon::ChevronDown size=14/>
        </span>
    }
}
