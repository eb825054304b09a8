//! From page to page of a long list.

use leptos::prelude::*;

use super::Icon;

/// Which part of the list is shown, and links to the parts beside it.
#[component]
pub fn Pagination(
    /// What is shown: `1–50 of 1,234`.
    #[prop(into)]
    range: String,
    /// The URL of the page before.
    #[prop(optional_no_strip)]
    previous: Option<String>,
    /// The URL of the page after.
    #[prop(optional_no_strip)]
    next: Option<String>,
    /// What the pages are of, where a page has several lists.
    #[prop(default = "Pages")]
    label: &'static str,
) -> impl IntoView {
    view! {
        <nav class="pagination" aria-label=label>
            <span class="pagination-range">{range}</span>
            {step("Previous page", Icon::ChevronLeft, "prev", previous)}
            {step("Next page", Icon::ChevronRight, "next", next)}
        </nav>
    }
}

fn step(label: &'static str, icon: Icon, rel: &'static str, href: Option<String>) -> impl IntoView {
    let disabled = href.is_none().then_some("true");
    let role = href.is_none().then_some("link");
    view! {
        <a
            class="btn btn-secondary btn-icon"
            href=href
            rel=rel
            role=role
            aria-label=label
            aria-disabled=disabled
        >
            <Icon icon/>
        </a>
    }
}
