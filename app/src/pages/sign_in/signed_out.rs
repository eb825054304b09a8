//! Where a browser lands after signing out at the provider.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{ButtonKind, ButtonLink, Icon};
use crate::data::session::Session;
use crate::layout::Logo;
use crate::paths;

/// Says so, and offers to sign in again.
#[component]
pub fn SignedOutPage() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <Title text="Signed out"/>
        <main class="sign-in">
            <Logo/>
            <h1 class="page-title">"You are signed out"</h1>
            <p class="text-muted">
                "Your session in "{session.title}" has ended. On a shared computer, close the browser too."
            </p>
            <div class="sign-in-providers">
                <ButtonLink href=paths::SIGN_IN kind=ButtonKind::Primary icon=Icon::LogIn>
                    "Sign in again"
                </ButtonLink>
            </div>
        </main>
    }
}
