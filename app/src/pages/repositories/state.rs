//! Whether a change request waits, came in, or did not.

use leptos::prelude::*;

use crate::components::{Badge, Icon, Tone};

/// Names of the states, as they are in URLs.
pub(super) const STATES: [&str; 3] = ["open", "merged", "closed"];

/// The icon of a state.
pub(super) fn icon(state: &str) -> Icon {
    match state {
        "merged" => Icon::GitMerge,
        "closed" => Icon::GitPullRequestClosed,
        _ => Icon::GitPullRequest,
    }
}

/// What the colour of a state says.
pub(super) fn tone(state: &str) -> Tone {
    match state {
        "open" => Tone::Success,
        "merged" => Tone::Accent,
        _ => Tone::Danger,
    }
}

/// `open`, `merged` or `closed`, in its colour.
pub(super) fn badge(state: String) -> impl IntoView {
    view! { <Badge tone=tone(&state) icon=icon(&state)>{state.clone()}</Badge> }
}
