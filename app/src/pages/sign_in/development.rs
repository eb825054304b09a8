//! The development sign-in: continue as anyone, no password.

use leptos::prelude::*;

use crate::components::{Alert, Avatar, ErrorPanel, Icon, Tone};
use crate::data::session::{SignInChoice, sign_in_choices};
use crate::paths;

/// Chooses who to be. A plain form: each person is a button that sends it.
#[component]
pub(super) fn Development(
    /// Where to go afterwards.
    return_to: String,
) -> impl IntoView {
    let choices = Resource::new_blocking(|| (), |()| sign_in_choices());
    view! {
        <Alert tone=Tone::Warning title="Development sign-in">
            "Anyone who can reach this page can continue as anyone. It answers on this machine only."
        </Alert>
        <form class="sign-in-form" action=paths::SIGN_IN_ACTION method="post">
            <input type="hidden" name="return_to" value=return_to/>
            <Suspense>
                {move || Suspend::new(async move {
                    match choices.await {
                        Ok(choices) => choices.into_iter().map(choice).collect_view().into_any(),
                        Err(error) => view! { <ErrorPanel error/> }.into_any(),
                    }
                })}
            </Suspense>
        </form>
    }
}

fn choice(choice: SignInChoice) -> impl IntoView {
    view! {
        <button class="sign-in-choice" type="submit" name="user" value=choice.value>
            <Avatar name=choice.title.clone() size=32/>
            <span class="sign-in-who">
                <span class="truncate font-medium">{choice.title}</span>
                <span class="truncate text-sm text-faint">{choice.detail}</span>
            </span>
            <Icon icon=Icon::ArrowRight/>
        </button>
    }
}
