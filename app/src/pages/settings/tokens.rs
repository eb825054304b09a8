//! Personal access tokens.

use leptos::prelude::*;

use super::super::load::loaded;
use super::create::{create_dialog, issued_dialog};
use super::token_table::{revoke_dialog, token_table};
use super::{tabs, whose, whose_form};
use crate::components::{Button, ButtonKind, EmptyState, Icon, PageHeader};
use crate::data::tokens::{IssuedView, TokenRow, TokensView, load_tokens};
use crate::paths;

/// The page of personal tokens.
#[component]
pub fn TokensPage() -> impl IntoView {
    let again = RwSignal::new(0_u32);
    let user = whose();
    let asked = move || (user.get(), again.get());
    let data = Resource::new_blocking(asked, |(user, _)| load_tokens(user));
    let reload = Callback::new(move |()| again.update(|count| *count += 1));
    let creating = RwSignal::new(None::<TokensView>);
    let issued = RwSignal::new(None::<IssuedView>);
    let revoking = RwSignal::new(None::<TokenRow>);
    // The dialogs are outside of what is drawn anew when something was changed in them.
    view! {
        {loaded(data, move |view: TokensView| {
            content(view, user.get_untracked(), creating, revoking, user)
        })}
        {create_dialog(false, creating, issued, reload)}
        {issued_dialog(issued)}
        {revoke_dialog(false, revoking, reload)}
    }
}

fn content(
    view: TokensView,
    user: Option<String>,
    creating: RwSignal<Option<TokensView>>,
    revoking: RwSignal<Option<TokenRow>>,
    whose: Memo<Option<String>>,
) -> AnyView {
    let TokensView { tokens, now, .. } = view.clone();
    let can_create = view.can_create;
    let view = StoredValue::new(view);
    let actions = move || {
        can_create.then(|| {
            view! {
                <Button
                    kind=ButtonKind::Primary
                    icon=Icon::Plus
                    on:click=move |_| creating.set(Some(view.get_value()))
                >
                    "Create a token"
                </Button>
            }
        })
    };
    let description = match &user {
        Some(user) => format!("Programs call the portal as {user} with these."),
        None => {
            "Programs call the portal as you with these: command lines, scripts, git.".to_owned()
        }
    };
    let list = if tokens.is_empty() {
        let text = match (user, can_create) {
            (Some(_), _) => "They have made none.",
            (None, true) => {
                "Make one for each program that calls the portal as you, limited to what it needs."
            }
            (None, false) => {
                "Only people of the catalog have personal tokens. An administrator makes tokens \
                 for services."
            }
        };
        view! { <EmptyState icon=Icon::Shield title="No access tokens" text/> }.into_any()
    } else {
        token_table("Access tokens", tokens, now, revoking).into_any()
    };
    view! {
        <PageHeader title="Access tokens" description actions/>
        {tabs(paths::TOKENS)}
        {whose_form(paths::TOKENS, whose)}
        {list}
    }
    .into_any()
}
