//! What happened, newest first.

use leptos::prelude::*;

use super::{Icon, TimeAgo, Tone};

/// A list of [`TimelineItem`]s.
#[component]
pub fn Timeline(
    /// The items.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline">{children()}</ol> }
}

/// One thing that happened.
#[component]
pub fn TimelineItem(
    /// Its icon.
    icon: Icon,
    /// What the colour says.
    #[prop(optional)]
    tone: Tone,
    /// When, as RFC 3339.
    #[prop(into)]
    at: String,
    /// How long ago, in words.
    #[prop(into)]
    ago: String,
    /// What happened.
    children: Children,
) -> impl IntoView {
    view! {
        <li class="timeline-item">
            <span class="timeline-mark" data-tone=tone.as_str()><Icon icon size=14/></span>
            <div class="timeline-text">{children()}</div>
            <TimeAgo at ago/>
        </li>
    }
}
