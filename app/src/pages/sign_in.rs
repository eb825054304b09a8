//! The development sign-in page.

use leptos::prelude::*;

use crate::components::PageHeader;

/// The development sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    view! { <PageHeader title="Sign in"/> }
}
