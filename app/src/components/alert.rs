//! Something the person should know while they read the page.

use leptos::prelude::*;

use super::{Icon, Tone};

/// A message in the page.
#[component]
pub fn Alert(
    /// What kind of message it is.
    tone: Tone,
    /// What happened, in one sentence.
    #[prop(into)]
    title: String,
    /// What it means and what to do; details.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="alert" data-tone=tone.as_str() role=(tone == Tone::Danger).then_some("alert")>
            <Icon icon=icon_of(tone)/>
            <div class="alert-text">
                <p class="alert-title">{title}</p>
                {children.map(|children| view! { <div class="alert-body">{children()}</div> })}
            </div>
        </div>
    }
}

pub(super) fn icon_of(tone: Tone) -> Icon {
    match tone {
        Tone::Success => Icon::CircleCheck,
        Tone::Warning => Icon::TriangleAlert,
        Tone::Danger => Icon::CircleX,
        Tone::Neutral | Tone::Accent | Tone::Info => Icon::Info,
    }
}
