//! The development sign-in page: continue as anyone, no password.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::components::{Alert, Avatar, ErrorPanel, Icon, Tone};
use crate::data::session::{Session, SignInChoice, sign_in_choices};
use crate::layout::Logo;
use crate::paths;

/// Chooses who to be. A plain form: each person is a button that sends it.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let return_to = use_query_map().with_untracked(|query| local_path(query.get("return_to")));
    let choices = Resource::new_blocking(|| (), |()| sign_in_choices());
    view! {
        <Title text="Sign in"/>
        <main class="sign-in">
            <Logo/>
            <h1 class="page-title">"Sign in to "{session.title}</h1>
            <p class="text-muted">{session.organization}</p>
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
        </main>
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

/// Where to go after signing in: a path of this portal, never another site.
fn local_path(asked: Option<String>) -> String {
    asked
        .filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'))
        .unwrap_or_else(|| paths::HOME.to_owned())
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        let path = |text: &str| local_path(Some(text.to_owned()));
        assert_eq!(path("/catalog?kind=api"), "/catalog?kind=api");
        for elsewhere in ["https://example.com", "//example.com", "/\\example.com", ""] {
            assert_eq!(path(elsewhere), "/");
        }
    }
}
