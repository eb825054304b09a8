//! Settings of the person who is signed in: where they are signed in, and their access tokens.

mod create;
mod service_tokens;
mod sessions;
mod token_table;
mod tokens;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{Button, FormField, Input, Tab, Tabs};
use crate::data::session::{Right, Session};
use crate::paths;

pub use service_tokens::ServiceTokensPage;
pub use sessions::SessionsPage;
pub use tokens::TokensPage;

/// The tabs of the settings, with `current` (a path) open.
fn tabs(current: &str) -> impl IntoView + use<> {
    let tab = |label: &str, href: &str| Tab {
        label: label.to_owned(),
        href: href.to_owned(),
        count: None,
        current: href == current,
    };
    let session = expect_context::<Session>();
    let mut tabs = Vec::new();
    if session.may(Right::OwnSessions) {
        tabs.push(tab("Sessions", paths::SESSIONS));
    }
    if session.has_tokens() {
        tabs.push(tab("Access tokens", paths::TOKENS));
    }
    if session.may(Right::ManageTokens) {
        tabs.push(tab("Service tokens", paths::SERVICE_TOKENS));
    }
    view! { <Tabs label="Settings" tabs=tabs/> }
}

/// Whose settings the URL asks for; nobody's in particular is one's own.
fn whose() -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| {
        let user = query.read().get("user");
        user.map(|it| it.trim().to_owned())
            .filter(|it| !it.is_empty())
    })
}

/// Asks whose settings to show, for administrators. A plain form.
fn whose_form(path: &'static str, user: Memo<Option<String>>) -> impl IntoView {
    let value = Signal::derive(move || user.get().unwrap_or_default());
    let right = match path {
        paths::SESSIONS => Right::ManageSessions,
        _ => Right::ManageTokens,
    };
    expect_context::<Session>().may(right).then(|| {
        view! {
            <form class="settings-whose" action=path method="get">
                <FormField
                    id="whose"
                    label="Person"
                    help="As an administrator you can look after those of others."
                >
                    <Input name="user" value placeholder="user:default/ada" mono=true/>
                </FormField>
                <Button r#type="submit">"Show"</Button>
            </form>
        }
    })
}
