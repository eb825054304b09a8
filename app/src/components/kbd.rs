//! Keyboard hints.

use leptos::prelude::*;

/// Keys, separated by spaces: `g c`, `⌘ K`.
#[component]
pub fn Kbd(
    /// The keys.
    #[prop(into)]
    keys: String,
    /// Read out too, where the hint is the content and not an addition.
    #[prop(optional)]
    named: bool,
) -> impl IntoView {
    let keys = keys
        .split(' ')
        .map(|key| view! { <kbd>{key.to_owned()}</kbd> })
        .collect_view();
    view! { <span class="kbd" aria-hidden=(!named).then_some("true")>{keys}</span> }
}
