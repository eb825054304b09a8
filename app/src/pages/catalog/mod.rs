//! The catalog: facets, filters and the table.

use leptos::prelude::*;

use crate::components::PageHeader;

/// The catalog: facets, filters and the table.
#[component]
pub fn CatalogPage() -> impl IntoView {
    view! { <PageHeader title="Catalog"/> }
}
