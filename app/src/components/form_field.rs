//! The one form field: label, control, help, error, tied together for
//! assistive technology.

use leptos::context::Provider;
use leptos::prelude::*;

use super::Icon;

/// What a control inside a [`FormField`] reads from it.
#[derive(Clone, Debug)]
pub struct FieldContext {
    /// The control's `id`.
    pub id: String,
    /// Whether the field shows an error.
    pub invalid: Signal<bool>,
    /// Whether a value is required.
    pub required: bool,
    described_by: String,
}

impl FieldContext {
    /// The surrounding field, or an empty one for a control that stands alone.
    pub(super) fn current() -> Self {
        use_context().unwrap_or_else(|| Self {
            id: String::new(),
            invalid: Signal::stored(false),
            required: false,
            described_by: String::new(),
        })
    }

    pub(super) fn id(&self) -> Option<String> {
        (!self.id.is_empty()).then(|| self.id.clone())
    }

    pub(super) fn described_by(&self) -> Option<String> {
        (!self.described_by.is_empty()).then(|| self.described_by.clone())
    }

    pub(super) fn aria_invalid(&self) -> impl Fn() -> Option<&'static str> + Send + Sync + 'static {
        let invalid = self.invalid;
        move || invalid.get().then_some("true")
    }
}

/// A labelled control with its help text and its error.
#[component]
pub fn FormField(
    /// The control's `id`, unique on the page.
    #[prop(into)]
    id: String,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// How to fill it in.
    #[prop(optional, into)]
    help: Option<String>,
    /// What is wrong with the value; empty when nothing is.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether a value is required; optional fields say so.
    #[prop(optional)]
    required: bool,
    /// One control.
    children: Children,
) -> impl IntoView {
    let help_id = format!("{id}-help");
    let error_id = format!("{id}-error");
    let context = FieldContext {
        id: id.clone(),
        invalid: Signal::derive(move || error.with(|text| !text.is_empty())),
        required,
        described_by: if help.is_some() {
            format!("{help_id} {error_id}")
        } else {
            error_id.clone()
        },
    };
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
                {(!required).then(|| view! { <span class="field-optional">"optional"</span> })}
            </label>
            <Provider value=context>{children()}</Provider>
            <p class="field-error" id=error_id role="alert">
                {move || error.with(|text| !text.is_empty()).then(|| view! {
                    <Icon icon=Icon::CircleAlert size=14/>
                    {error.get()}
                })}
            </p>
            {help.map(|help| view! { <p class="field-help" id=help_id>{help}</p> })}
        </div>
    }
}
