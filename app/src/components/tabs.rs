//! Tabs as links: the open tab is part of the URL.

use leptos::prelude::*;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Its URL.
    pub href: String,
    /// How many things it holds.
    pub count: Option<u64>,
    /// Whether it is the open one.
    pub current: bool,
}

/// A row of tabs.
#[component]
pub fn Tabs(
    /// What the tabs are of, for assistive technology.
    #[prop(into)]
    label: String,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            {move || {
                tabs.get()
                    .into_iter()
                    .map(|tab| {
                        view! {
                            <a class="tab" href=tab.href aria-current=tab.current.then_some("page")>
                                {tab.label}
                                {tab.count.map(|count| view! { <span class="count">{count}</span> })}
                            </a>
                        }
                    })
                    .collect_view()
            }}
        </nav>
    }
}
