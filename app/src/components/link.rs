//! Links out of the portal. Links inside it are plain `<a class="link">`.

use leptos::prelude::*;

use super::Icon;

/// A link to another site, in a new tab.
#[component]
pub fn ExternalLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class="link link-external" target="_blank" rel="noopener noreferrer">
            {children()}
            <Icon icon=Icon::ExternalLink size=12/>
            <span class="sr-only">"(opens in a new tab)"</span>
        </a>
    }
}
