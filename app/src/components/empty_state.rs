//! What a page says when there is nothing to show, or when it failed.

use leptos::prelude::*;

use super::{Icon, SignInLink};
use crate::data::{UiError, UiErrorKind};
use crate::paths;

/// Says what belongs here and offers the one next step.
#[component]
pub fn EmptyState(
    /// Its icon.
    icon: Icon,
    /// What is missing.
    #[prop(into)]
    title: String,
    /// What belongs here.
    #[prop(into)]
    text: String,
    /// Stands for the whole page: its title is the page's heading.
    #[prop(optional)]
    page: bool,
    /// The next step, as a button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon"><Icon icon size=20/></span>
            {match page {
                true => view! { <h1 class="empty-title">{title}</h1> }.into_any(),
                false => view! { <h2 class="empty-title">{title}</h2> }.into_any(),
            }}
            <p class="empty-text">{text}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}

/// Says what went wrong, what it means for the person, and the way out.
#[component]
pub fn ErrorPanel(
    /// The error.
    error: UiError,
) -> impl IntoView {
    let (icon, title) = match error.kind {
        UiErrorKind::SignedOut => (Icon::LogIn, "Sign in to see this"),
        UiErrorKind::Denied => (Icon::Shield, "You may not see this"),
        UiErrorKind::NotFound => (Icon::Search, "Not found"),
        UiErrorKind::Invalid => (Icon::CircleAlert, "That cannot be done"),
        UiErrorKind::Failed => (Icon::TriangleAlert, "This could not be loaded"),
    };
    let way_out = match error.kind {
        UiErrorKind::SignedOut => None,
        UiErrorKind::Denied => Some((paths::HOME, "Go home")),
        UiErrorKind::NotFound | UiErrorKind::Invalid => {
            Some((paths::CATALOG, "Browse the catalog"))
        }
        UiErrorKind::Failed => Some(("", "Try again")),
    };
    view! {
        <div role="alert">
            <EmptyState icon title text=error.message page=true>
                {match way_out {
                    None => view! { <SignInLink/> }.into_any(),
                    Some((href, text)) => view! {
                        <a class="btn btn-secondary" href=href rel="external">{text}</a>
                    }
                    .into_any(),
                }}
            </EmptyState>
        </div>
    }
}
