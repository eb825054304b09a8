//! The shape of what is on its way.

use leptos::prelude::*;

/// A line or block of the real layout, without its content.
#[component]
pub fn Skeleton(
    /// CSS width.
    #[prop(default = "100%".to_owned(), into)]
    width: String,
    /// CSS height.
    #[prop(default = "0.75rem".to_owned(), into)]
    height: String,
) -> impl IntoView {
    view! { <span class="skeleton" style:width=width style:height=height aria-hidden="true"></span> }
}
