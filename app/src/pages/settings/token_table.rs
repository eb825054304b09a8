//! A list of tokens, and revoking them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::ago::ago;
use crate::components::{
    Button, Column, ConfirmDialog, DataTable, Row, StatusDot, Toaster, Tone, open_while,
};
use crate::data::tokens::{TokenRow, revoke_token};

/// Tokens that end within this many days are marked.
const SOON: i64 = 7;

/// The table of tokens.
pub(super) fn token_table(
    caption: &'static str,
    tokens: Vec<TokenRow>,
    now: i64,
    revoking: RwSignal<Option<TokenRow>>,
) -> impl IntoView {
    let columns = ["Name", "May", "Last used", "Created", "State", "Actions"];
    let columns = columns.map(Column::new).to_vec();
    let rows = tokens.into_iter().map(|token| {
        let own = token.clone();
        let label = format!("Revoke {}", token.name);
        let created = format!("{} by {}", ago(token.created_at, now), token.created_by);
        let used = token
            .last_used_at
            .map_or_else(|| "never".to_owned(), |at| ago(at, now));
        view! {
            <Row>
                <td class="cell-main">
                    <span class="block break">{token.name}</span>
                    <span class="mono note text-sm">{token.prefix}"…"</span>
                </td>
                <td class="text-sm">{limits(token.limits)}</td>
                <td class="note">{used}</td>
                <td class="note">{created}</td>
                <td>{state(token.days_left)}</td>
                <td class="cell-actions">
                    <Button
                        small=true
                        attr:aria-label=label
                        on:click=move |_| revoking.set(Some(own.clone()))
                    >
                        "Revoke"
                    </Button>
                </td>
            </Row>
        }
    });
    let rows = rows.collect_view();
    view! { <DataTable caption columns>{rows}</DataTable> }
}

fn limits(limits: Vec<String>) -> AnyView {
    if limits.is_empty() {
        return "everything".into_any();
    }
    let lines = limits.into_iter();
    lines
        .map(|line| view! { <span class="block">{line}</span> })
        .collect_view()
        .into_any()
}

fn state(days_left: Option<i64>) -> impl IntoView {
    let (tone, label) = match days_left {
        None => (Tone::Danger, "expired".to_owned()),
        Some(1) => (Tone::Warning, "expires within a day".to_owned()),
        Some(days @ ..=SOON) => (Tone::Warning, format!("expires in {days} days")),
        Some(days) => (Tone::Success, format!("expires in {days} days")),
    };
    view! { <StatusDot tone label/> }
}

/// Asks before a token is revoked.
pub(super) fn revoke_dialog(
    service: bool,
    revoking: RwSignal<Option<TokenRow>>,
    reload: Callback<()>,
) -> impl IntoView {
    let open = open_while(revoking);
    let busy = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let revoke = move |()| {
        let Some(token) = revoking.get_untracked() else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let answer = revoke_token(service, token.id).await;
            busy.set(false);
            match (answer, toaster) {
                (Ok(()), _) => {
                    open.set(false);
                    reload.run(());
                }
                (Err(error), Some(toaster)) => toaster.show(Tone::Danger, error.message),
                (Err(_), None) => {}
            }
        });
    };
    let name = move || revoking.get().map(|it| it.name);
    view! {
        <ConfirmDialog id="revoke-token" title="Revoke the token?" confirm="Revoke" open busy on_confirm=revoke>
            <p>"Whatever uses “"{name}"” is refused from then on."</p>
        </ConfirmDialog>
    }
}
