//! Small facts: badges and status dots.

use leptos::prelude::*;

use super::{Icon, Tone};

/// A short fact about a thing.
#[component]
pub fn Badge(
    /// What the colour says.
    #[prop(optional)]
    tone: Tone,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone.as_str()>
            {icon.map(|icon| view! { <Icon icon size=12/> })}
            {children()}
        </span>
    }
}

/// A tag or other value that is a link to all things with it.
#[component]
pub fn TagLink(
    /// Where all things with it are listed.
    #[prop(into)]
    href: String,
    /// The tag.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <a class="badge badge-link" href=href>{label}</a> }
}

/// A coloured dot with the word it stands for.
#[component]
pub fn StatusDot(
    /// What the colour says.
    tone: Tone,
    /// The same in a word.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <span class="status">
            <span class="status-dot" data-tone=tone.as_str() aria-hidden="true"></span>
            {label}
        </span>
    }
}
