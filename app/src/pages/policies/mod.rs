//! Policies: what is in force, what was, and why it decides as it does.

mod edit;
mod simulation;
mod versions;
mod why;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::{PageHeader, Tab, Tabs};
use crate::paths;

/// Policies, for those who look after them.
#[component]
pub fn PoliciesPage() -> impl IntoView {
    let params = use_params_map();
    let open = Memo::new(move |_| params.read().get("tab").unwrap_or_default());
    let tabs = Signal::derive(move || {
        let tab = |id: &str, label: &str| Tab {
            label: label.to_owned(),
            href: match id {
                "" => paths::POLICIES.to_owned(),
                id => format!("{}/{id}", paths::POLICIES),
            },
            count: None,
            current: open.get() == id,
        };
        vec![
            tab("", "Policies"),
            tab("versions", "Versions"),
            tab("why", "Why?"),
        ]
    });
    view! {
        <PageHeader
            title="Policies"
            description="Who may see and do what, written in Cedar. A change holds on every replica within a second."
        />
        <Tabs label="Policies" tabs/>
        {move || match open.get().as_str() {
            "versions" => view! { <versions::Versions/> }.into_any(),
            "why" => view! { <why::Why/> }.into_any(),
            _ => view! { <edit::Edit/> }.into_any(),
        }}
    }
}
