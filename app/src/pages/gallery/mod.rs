//! Every component, in both themes.

use leptos::prelude::*;

use crate::components::PageHeader;

/// Every component, in both themes.
#[component]
pub fn GalleryPage() -> impl IntoView {
    view! { <PageHeader title="Components"/> }
}
