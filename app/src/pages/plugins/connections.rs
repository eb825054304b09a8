//! Connections: where plugins may send requests, and how the portal signs in there.

mod form;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::load::loaded;
use crate::components::{
    Button, ButtonKind, Column, ConfirmDialog, DataTable, EmptyState, Icon, IconButton, PageHeader,
    Row, Toaster, Tone, open_while,
};
use crate::data::plugins::connections::{
    ConnectionInput, ConnectionRow, ConnectionsView, delete_connection, load_connections,
};
use crate::paths;
use form::{Editing, connection_dialog};

/// The page of connections, for those who keep them.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    let again = RwSignal::new(0_u32);
    let data = Resource::new_blocking(move || again.get(), |_| load_connections());
    let reload = Callback::new(move |()| again.update(|count| *count += 1));
    let editing = RwSignal::new(None::<Editing>);
    let deleting = RwSignal::new(None::<ConnectionRow>);
    // The dialogs are outside of what is drawn anew when something was changed in them.
    view! {
        {loaded(data, move |view: ConnectionsView| content(view, editing, deleting))}
        {connection_dialog(editing, reload)}
        {delete_dialog(deleting, reload)}
    }
}

fn content(
    view: ConnectionsView,
    editing: RwSignal<Option<Editing>>,
    deleting: RwSignal<Option<ConnectionRow>>,
) -> AnyView {
    let secrets = StoredValue::new(view.secrets);
    let add = move |_| editing.set(Some(Editing::new_one(secrets.get_value())));
    let actions = move || {
        view! {
            <Button kind=ButtonKind::Primary icon=Icon::Plus on:click=add>"Add a connection"</Button>
        }
    };
    let list = match view.connections.is_empty() {
        true => view! {
            <EmptyState
                icon=Icon::Plug
                title="No connections yet"
                text="A connection is a place that plugins may send requests to, with the secret to \
                      sign in there. A plugin names it and never sees the secret."
            />
        }
        .into_any(),
        false => table(view.connections, secrets, editing, deleting).into_any(),
    };
    view! {
        <PageHeader
            title="Connections"
            description="Where plugins may send requests, and how the portal signs in there."
            actions
        />
        {list}
    }
    .into_any()
}

fn table(
    connections: Vec<ConnectionRow>,
    secrets: StoredValue<Vec<String>>,
    editing: RwSignal<Option<Editing>>,
    deleting: RwSignal<Option<ConnectionRow>>,
) -> impl IntoView {
    let columns = [
        "Name",
        "Base URL",
        "Signs in",
        "Private network",
        "Used by",
        "Actions",
    ];
    let columns = columns.map(Column::new).to_vec();
    let rows = connections.into_iter().map(|row| {
        let (edited, deleted) = (row.connection.clone(), row.clone());
        let name = row.connection.name.clone();
        view! {
            <Row>
                <td class="mono">{name.clone()}</td>
                <td class="mono cell-main break text-sm">{row.connection.base_url.clone()}</td>
                <td>{signs_in(&row.connection)}</td>
                <td>{if row.connection.allow_private { "allowed" } else { "refused" }}</td>
                <td>{used_by(row.used_by)}</td>
                <td class="cell-actions">
                    <IconButton
                        icon=Icon::Pencil
                        label=format!("Edit {name}")
                        small=true
                        tooltip="left"
                        on:click=move |_| editing.set(Some(Editing::of(edited.clone(), secrets.get_value())))
                    />
                    <IconButton
                        icon=Icon::Trash2
                        label=format!("Delete {name}")
                        small=true
                        tooltip="left"
                        on:click=move |_| deleting.set(Some(deleted.clone()))
                    />
                </td>
            </Row>
        }
    });
    let rows = rows.collect_view();
    view! { <DataTable caption="Connections" columns>{rows}</DataTable> }
}

fn signs_in(connection: &ConnectionInput) -> String {
    let secret = &connection.secret;
    match connection.auth.as_str() {
        "bearer" => format!("bearer token {secret}"),
        "basic" if connection.username.is_empty() => format!("basic, password {secret}"),
        "basic" => format!("basic, {} with {secret}", connection.username),
        "header" => format!("header {} with {secret}", connection.header),
        _ => "not at all".to_owned(),
    }
}

fn used_by(plugins: Vec<String>) -> AnyView {
    if plugins.is_empty() {
        return view! { <span class="note">"no plugin"</span> }.into_any();
    }
    plugins
        .into_iter()
        .map(|id| {
            let href = paths::plugin(&id);
            view! { <a class="link mono block text-sm" href=href>{id}</a> }
        })
        .collect_view()
        .into_any()
}

fn delete_dialog(deleting: RwSignal<Option<ConnectionRow>>, reload: Callback<()>) -> impl IntoView {
    let open = open_while(deleting);
    let busy = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let delete = move |()| {
        let Some(row) = deleting.get_untracked() else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let answer = delete_connection(row.connection.name).await;
            busy.set(false);
            open.set(false);
            match (answer, toaster) {
                (Ok(()), _) => reload.run(()),
                (Err(error), Some(toaster)) => toaster.show(Tone::Danger, error.message),
                (Err(_), None) => {}
            }
        });
    };
    let what = move || {
        deleting.get().map(|row| {
            let used = match row.used_by.len() {
                0 => "No plugin uses it.".to_owned(),
                _ => format!("Requests of {} will fail from then on.", row.used_by.join(", ")),
            };
            view! {
                <p>"Plugins can no longer reach " <span class="mono break">{row.connection.base_url}</span> "."</p>
                <p>{used}</p>
            }
        })
    };
    view! {
        <ConfirmDialog
            id="delete-connection"
            title="Delete the connection?"
            confirm="Delete"
            open
            busy
            on_confirm=delete
        >
            <div class="stack">{what}</div>
        </ConfirmDialog>
    }
}
