//! Text controls. Events are attached where they are used: `<Input on:input=…>`.

use leptos::prelude::*;

use super::code_block::escape;
use super::form_field::FieldContext;

/// A single-line text input.
#[component]
pub fn Input(
    /// The form field's name.
    #[prop(into)]
    name: String,
    /// `text`, `url`, `email`, `number`, `date`, …
    #[prop(default = "text")]
    r#type: &'static str,
    /// The value.
    #[prop(optional, into)]
    value: Signal<String>,
    /// An example of a value.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// The name, when no label is tied to it.
    #[prop(optional, into)]
    label: Option<String>,
    /// In the mono typeface, for refs and paths.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let field = FieldContext::current();
    view! {
        <input
            class="input"
            class:mono=mono
            id=field.id()
            name=name
            type=r#type
            value=value.get_untracked()
            prop:value=move || value.get()
            placeholder=placeholder
            required=field.required
            aria-label=label
            aria-describedby=field.described_by()
            aria-invalid=field.aria_invalid()
            autocomplete="off"
            spellcheck="false"
        />
    }
}

/// A multi-line text input.
///
/// Its text is set as HTML, because a text area can hold no marker comments.
#[component]
pub fn Textarea(
    /// The form field's name.
    #[prop(into)]
    name: String,
    /// The value.
    #[prop(optional, into)]
    value: Signal<String>,
    /// An example of a value.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Visible lines.
    #[prop(default = 4)]
    rows: u8,
    /// In the mono typeface, for YAML and the like.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let field = FieldContext::current();
    view! {
        <textarea
            class="input textarea"
            class:mono=mono
            id=field.id()
            name=name
            rows=rows
            placeholder=placeholder
            required=field.required
            aria-describedby=field.described_by()
            aria-invalid=field.aria_invalid()
            prop:value=move || value.get()
            inner_html=value.with_untracked(|value| escape(value))
        ></textarea>
    }
}
