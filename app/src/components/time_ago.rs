//! Moments, as how long ago they were.

use leptos::prelude::*;

/// How long ago something was, with the moment itself on hover.
///
/// The server writes the words, so that page and browser agree.
#[component]
pub fn TimeAgo(
    /// The moment, as RFC 3339.
    #[prop(into)]
    at: String,
    /// How long ago, in words.
    #[prop(into)]
    ago: String,
) -> impl IntoView {
    view! { <time class="time-ago" datetime=at.clone() title=at>{ago}</time> }
}
