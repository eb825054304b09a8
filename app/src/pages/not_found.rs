//! What a URL without a page leads to.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{ButtonLink, EmptyState, Icon};
use crate::layout::Chrome;
use crate::paths;

/// The frame with the ways on, answered with status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found"/>
        <Chrome>
            <EmptyState
                icon=Icon::Search
                title="There is no page at this address"
                text="The link may be old, or the name may have been mistyped."
                page=true
            >
                <ButtonLink href=paths::CATALOG>"Browse the catalog"</ButtonLink>
                <ButtonLink href=paths::HOME>"Go home"</ButtonLink>
            </EmptyState>
        </Chrome>
    }
}
