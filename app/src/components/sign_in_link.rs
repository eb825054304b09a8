//! The way to sign in, and back to where somebody was.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{ButtonKind, Icon};
use crate::paths;

/// Leads to the sign-in page, and from there back to this one.
#[component]
pub fn SignInLink(
    /// Smaller, for the top bar.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let here = use_location();
    let href = move || {
        let (path, search) = (here.pathname.get(), here.search.get());
        match search.trim_start_matches('?') {
            "" => paths::sign_in(&path),
            search => paths::sign_in(&format!("{path}?{search}")),
        }
    };
    view! {
        <a
            href=href
            rel="external"
            class=ButtonKind::default().class()
            data-small=small.then_some("")
        >
            <Icon icon=Icon::LogIn/>
            "Sign in"
        </a>
    }
}
