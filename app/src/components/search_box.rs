//! The filter of a list: a form that works by itself, live when hydrated.

use leptos::prelude::*;

use super::{Icon, Kbd};

/// A search field in a form that leads to `action?name=value`. `/` focuses it.
#[component]
pub fn SearchBox(
    /// What is searched: `Filter the catalog`.
    #[prop(into)]
    label: String,
    /// The URL the form leads to.
    #[prop(into)]
    action: String,
    /// The query parameter.
    #[prop(default = "q")]
    name: &'static str,
    /// The text.
    #[prop(optional, into)]
    value: Signal<String>,
    /// Other parameters of the URL, to keep.
    #[prop(optional)]
    keep: Vec<(String, String)>,
    /// Called with the text as it is typed.
    #[prop(optional, into)]
    on_type: Option<Callback<String>>,
) -> impl IntoView {
    view! {
        <form class="search-box" role="search" action=action method="get">
            <Icon icon=Icon::Search size=14/>
            <input
                class="input"
                type="search"
                name=name
                value=value.get_untracked()
                prop:value=move || value.get()
                placeholder=label.clone()
                aria-label=label
                autocomplete="off"
                spellcheck="false"
                data-filter=""
                on:input=move |event| {
                    if let Some(on_type) = on_type {
                        on_type.run(event_target_value(&event));
                    }
                }
            />
            <Kbd keys="/"/>
            {keep
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_view()}
        </form>
    }
}
