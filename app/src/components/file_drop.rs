//! Choosing a file: dropped, or picked.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

use super::Icon;

/// Where a file is dropped or picked.
#[component]
pub fn FileDrop(
    /// The control's `id`, unique on the page.
    #[prop(into)]
    id: String,
    /// What to do: `Drop a .wasm file here, or choose one`.
    #[prop(into)]
    label: String,
    /// What is accepted, in a line.
    #[prop(into)]
    help: String,
    /// What the picker offers: `.wasm`.
    accept: &'static str,
    /// Takes no file.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called with the file.
    #[prop(into)]
    on_file: Callback<File>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let help_id = format!("{id}-help");
    let drop = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        let files = event.data_transfer().and_then(|it| it.files());
        let file = files.and_then(|files| files.get(0));
        if let Some(file) = file.filter(|_| !disabled.get_untracked()) {
            on_file.run(file);
        }
    };
    let pick = move |event: ev::Event| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_file.run(file);
        }
        // The same file again, when it has changed, is a choice too.
        input.set_value("");
    };
    view! {
        <label
            class="file-drop"
            class:file-drop-over=move || over.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <Icon icon=Icon::Inbox size=20/>
            <span class="file-drop-label">{label}</span>
            <span class="field-help" id=help_id.clone()>{help}</span>
            <input
                class="sr-only"
                type="file"
                id=id
                accept=accept
                aria-describedby=help_id
                disabled=move || disabled.get()
                on:change=pick
            />
        </label>
    }
}
