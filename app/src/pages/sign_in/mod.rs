//! The sign-in page: a button for each provider, and in development the people of the catalog.
//! All of it is links and forms, which work without JavaScript.

mod development;
mod failure;
mod signed_out;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::components::{Alert, ErrorPanel, Icon, Tone};
use crate::data::session::{Session, SignInProvider, sign_in_providers};
use crate::layout::Logo;
use crate::paths;

use development::Development;
use failure::Failure;
pub use signed_out::SignedOutPage;

/// Chooses how to sign in, and says why it did not work.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let query = use_query_map().get_untracked();
    let return_to = local_path(query.get("return_to"));
    let error = query.get("error");
    let reference = query.get("reference");
    let providers = Resource::new_blocking(|| (), |()| sign_in_providers());
    let development = session
        .development
        .then(|| view! { <Development return_to=return_to.clone()/> });
    view! {
        <Title text="Sign in"/>
        <main class="sign-in">
            <Logo/>
            <h1 class="page-title">"Sign in to "{session.title}</h1>
            <p class="text-muted">{session.organization}</p>
            {error.map(|code| view! { <Failure code reference/> })}
            <Suspense>
                {move || {
                    let return_to = return_to.clone();
                    Suspend::new(async move {
                        match providers.await {
                            Ok(providers) => buttons(providers, &return_to, session.development),
                            Err(error) => view! { <ErrorPanel error/> }.into_any(),
                        }
                    })
                }}
            </Suspense>
            {development}
        </main>
    }
}

fn buttons(providers: Vec<SignInProvider>, return_to: &str, development: bool) -> AnyView {
    if providers.is_empty() && development {
        return ().into_any();
    }
    if providers.is_empty() {
        return view! {
            <Alert tone=Tone::Warning title="Nobody can sign in yet">
                "No sign-in provider is configured under auth.providers for auth.environment: \
                 production. Programs with an access token go on working."
            </Alert>
        }
        .into_any();
    }
    let buttons: Vec<_> = providers
        .into_iter()
        .map(|provider| {
            let href = paths::start_sign_in(&provider.id, return_to);
            // The browser leaves the portal, which no router can do.
            view! {
                <a class="btn btn-primary sign-in-provider" href=href rel="external">
                    <Icon icon=Icon::LogIn/>
                    "Sign in with "{provider.title}
                </a>
            }
        })
        .collect();
    view! { <div class="sign-in-providers">{buttons}</div> }.into_any()
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
