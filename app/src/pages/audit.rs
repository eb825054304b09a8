//! The audit log.

use leptos::prelude::*;

use crate::components::PageHeader;

/// The audit log.
#[component]
pub fn AuditPage() -> impl IntoView {
    view! { <PageHeader title="Audit log"/> }
}
