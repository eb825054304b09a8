//! Tokens of services, for administrators.

use leptos::prelude::*;

use super::super::load::loaded;
use super::create::{create_dialog, issued_dialog};
use super::tabs;
use super::token_table::{revoke_dialog, token_table};
use crate::components::{Button, ButtonKind, EmptyState, Icon, PageHeader};
use crate::data::tokens::{IssuedView, TokenRow, TokensView, load_service_tokens};
use crate::paths;

/// The page of service tokens.
#[component]
pub fn ServiceTokensPage() -> impl IntoView {
    let again = RwSignal::new(0_u32);
    let data = Resource::new_blocking(move || again.get(), |_| load_service_tokens());
    let reload = Callback::new(move |()| again.update(|count| *count += 1));
    let creating = RwSignal::new(None::<TokensView>);
    let issued = RwSignal::new(None::<IssuedView>);
    let revoking = RwSignal::new(None::<TokenRow>);
    // The dialogs are outside of what is drawn anew when something was changed in them.
    view! {
        {loaded(data, move |view: TokensView| content(view, creating, revoking))}
        {create_dialog(true, creating, issued, reload)}
        {issued_dialog(issued)}
        {revoke_dialog(true, revoking, reload)}
    }
}

fn content(
    view: TokensView,
    creating: RwSignal<Option<TokensView>>,
    revoking: RwSignal<Option<TokenRow>>,
) -> AnyView {
    let TokensView { tokens, now, .. } = view.clone();
    let view = StoredValue::new(view);
    let actions = move || {
        view! {
            <Button
                kind=ButtonKind::Primary
                icon=Icon::Plus
                on:click=move |_| creating.set(Some(view.get_value()))
            >
                "Create a token"
            </Button>
        }
    };
    let list = if tokens.is_empty() {
        view! {
            <EmptyState
                icon=Icon::Shield
                title="No service tokens"
                text="A service that calls the portal in its own name, such as a pipeline, has a \
                      token. Those of backend.auth.externalAccess are not listed here."
            />
        }
        .into_any()
    } else {
        token_table("Service tokens", tokens, now, revoking).into_any()
    };
    view! {
        <PageHeader
            title="Service tokens"
            description="Services call the portal in their own name with these."
            actions
        />
        {tabs(paths::SERVICE_TOKENS)}
        {list}
    }
    .into_any()
}
