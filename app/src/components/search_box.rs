//! The filter of a list: a form that works by itself, live when hydrated.

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;

use super::{Icon, Kbd};

/// The pause in typing after which the list follows.
const PAUSE: Duration = Duration::from_millis(120);

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
    let text = RwSignal::new(value.get_untracked());
    let told = StoredValue::new(value.get_untracked());
    // The URL follows the field with a delay; only what comes from elsewhere (back,
    // a removed filter) may change what the person is typing.
    Effect::new(move || {
        let given = value.get();
        if told.with_value(|told| *told != given) {
            told.set_value(given.clone());
            text.set(given);
        }
    });
    let mut tell = debounce(PAUSE, move |typed: String| {
        told.set_value(typed.clone());
        if let Some(on_type) = on_type {
            on_type.run(typed);
        }
    });
    view! {
        <form class="search-box" role="search" action=action method="get">
            <Icon icon=Icon::Search size=14/>
            <input
                class="input"
                type="search"
                name=name
                value=value.get_untracked()
                prop:value=move || text.get()
                placeholder=label.clone()
                aria-label=label
                autocomplete="off"
                spellcheck="false"
                data-filter=""
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    text.set(typed.clone());
                    tell(typed);
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
