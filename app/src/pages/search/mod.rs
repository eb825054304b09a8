//! Full-text search with highlights.

use leptos::prelude::*;

use crate::components::PageHeader;

/// Full-text search with highlights.
#[component]
pub fn SearchPage() -> impl IntoView {
    view! { <PageHeader title="Search"/> }
}
