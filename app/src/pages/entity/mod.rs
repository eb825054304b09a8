//! One entity.

use leptos::prelude::*;

use crate::components::PageHeader;

/// One entity.
#[component]
pub fn EntityPage() -> impl IntoView {
    view! { <PageHeader title="Entity"/> }
}
