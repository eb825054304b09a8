//! Registering a location: preview first, then register.

use leptos::prelude::*;

use crate::components::PageHeader;

/// Registering a location: preview first, then register.
#[component]
pub fn RegisterPage() -> impl IntoView {
    view! { <PageHeader title="Register"/> }
}
