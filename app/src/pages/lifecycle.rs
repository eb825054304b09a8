//! How the stages of an entity's life look.

use leptos::prelude::*;

use crate::components::{StatusDot, Tone};

/// A lifecycle with its dot.
#[component]
pub(super) fn Lifecycle(
    /// `spec.lifecycle`.
    stage: String,
) -> impl IntoView {
    let tone = match stage.to_lowercase().as_str() {
        "production" => Tone::Success,
        "experimental" => Tone::Info,
        "deprecated" => Tone::Warning,
        _ => Tone::Neutral,
    };
    view! { <StatusDot tone label=stage/> }
}
