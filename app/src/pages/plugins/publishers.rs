//! Publisher keys: whose signatures count.

mod form;

use leptos::prelude::*;

use super::super::{ago::ago, load::loaded};
use crate::components::{
    Button, ButtonKind, Column, DataTable, EmptyState, Icon, PageHeader, Row, StatusDot, Tone,
};
use crate::data::plugins::publishers::{KeyRow, PublishersView, load_publishers};
use form::{revoke_dialog, trust_dialog};

/// The page of publisher keys, for those who keep them.
#[component]
pub fn PublishersPage() -> impl IntoView {
    let again = RwSignal::new(0_u32);
    let data = Resource::new_blocking(move || again.get(), |_| load_publishers());
    let reload = Callback::new(move |()| again.update(|count| *count += 1));
    let adding = RwSignal::new(false);
    let revoking = RwSignal::new(None::<KeyRow>);
    // The dialogs are outside of what is drawn anew when something was changed in them.
    view! {
        {loaded(data, move |view: PublishersView| content(view, adding, revoking))}
        {trust_dialog(adding, reload)}
        {revoke_dialog(revoking, reload)}
    }
}

fn content(
    view: PublishersView,
    adding: RwSignal<bool>,
    revoking: RwSignal<Option<KeyRow>>,
) -> AnyView {
    let actions = move || {
        view! {
            <Button kind=ButtonKind::Primary icon=Icon::Plus on:click=move |_| adding.set(true)>
                "Trust a key"
            </Button>
        }
    };
    let list = match view.keys.is_empty() {
        true => view! {
            <EmptyState
                icon=Icon::Shield
                title="No keys yet"
                text="A publisher makes a pair with \"portico plugin keygen\" and sends you the .pub \
                      file. What they sign is then known to be theirs."
            />
        }
        .into_any(),
        false => table(view.keys, revoking, view.now).into_any(),
    };
    view! {
        <PageHeader
            title="Publisher keys"
            description="Whose signatures count. A signature says who made a file, not that it is good."
            actions
        />
        {list}
    }
    .into_any()
}

fn table(keys: Vec<KeyRow>, revoking: RwSignal<Option<KeyRow>>, now: i64) -> impl IntoView {
    let columns = [
        "Publisher",
        "Key id",
        "Namespaces",
        "Trusted",
        "State",
        "Actions",
    ];
    let columns = columns.map(Column::new).to_vec();
    let rows = keys.into_iter().map(|row| {
        let own = row.clone();
        let revoked = row.revoked.is_some();
        let label = format!("Revoke {}", row.id);
        view! {
            <Row>
                <td class="cell-main">{row.publisher.clone()}</td>
                <td class="mono text-sm">{row.id.clone()}</td>
                <td>{if row.namespaces.is_empty() { "all".to_owned() } else { row.namespaces.join(", ") }}</td>
                <td class="note">{deed(row.added.as_ref(), now)}</td>
                <td>{state(&row, now)}</td>
                <td class="cell-actions">
                    {(!revoked).then(|| view! {
                        <Button small=true attr:aria-label=label on:click=move |_| revoking.set(Some(own.clone()))>
                            "Revoke"
                        </Button>
                    })}
                </td>
            </Row>
        }
    });
    let rows = rows.collect_view();
    view! { <DataTable caption="Publisher keys" columns>{rows}</DataTable> }
}

fn deed(deed: Option<&(String, i64)>, now: i64) -> String {
    deed.map(|(by, at)| format!("{} by {by}", ago(*at, now)))
        .unwrap_or_default()
}

fn state(row: &KeyRow, now: i64) -> impl IntoView + use<> {
    let (tone, label) = match row.revoked {
        Some(_) => (Tone::Danger, "revoked"),
        None => (Tone::Success, "trusted"),
    };
    let why = row.revoked.clone();
    let by = deed(row.revoked_by.as_ref(), now);
    view! {
        <StatusDot tone label/>
        {why.map(|why| view! { <span class="note block text-sm">{why} " " {by}</span> })}
    }
}
