//! The start page.

use leptos::prelude::*;

use crate::components::PageHeader;

/// The start page.
#[component]
pub fn HomePage() -> impl IntoView {
    view! { <PageHeader title="Home"/> }
}
