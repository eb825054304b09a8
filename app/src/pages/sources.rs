//! The catalog's sources, their state and their problems.

use leptos::prelude::*;

use crate::components::PageHeader;

/// The catalog's sources, their state and their problems.
#[component]
pub fn SourcesPage() -> impl IntoView {
    view! { <PageHeader title="Sources"/> }
}
