//! Where somebody is signed in.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::{ago::ago, load::loaded};
use super::{tabs, whose, whose_form};
use crate::components::{
    Badge, Button, Column, ConfirmDialog, DataTable, EmptyState, Icon, PageHeader, Row, Toaster,
    Tone, open_while,
};
use crate::data::sessions::{SessionRow, SessionsView, end_session, end_sessions, load_sessions};
use crate::paths;

/// What is about to end.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ending {
    One(SessionRow),
    /// All others of one's own, or all of this person.
    All(Option<String>),
}

/// The page of sessions.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let again = RwSignal::new(0_u32);
    let user = whose();
    let asked = move || (user.get(), again.get());
    let data = Resource::new_blocking(asked, |(user, _)| load_sessions(user));
    let reload = Callback::new(move |()| again.update(|count| *count += 1));
    let ending = RwSignal::new(None::<Ending>);
    // The dialog is outside of what is drawn anew when something was changed in it.
    view! {
        {move || header(user.get())}
        {tabs(paths::SESSIONS)}
        {whose_form(paths::SESSIONS, user)}
        {loaded(data, move |view: SessionsView| content(view, user.get_untracked(), ending))}
        {end_dialog(ending, reload)}
    }
}

fn header(user: Option<String>) -> impl IntoView {
    let description = match user {
        Some(user) => format!("The browsers that are signed in as {user}."),
        None => "The browsers that are signed in as you.".to_owned(),
    };
    view! { <PageHeader title="Sessions" description/> }
}

fn content(view: SessionsView, user: Option<String>, ending: RwSignal<Option<Ending>>) -> AnyView {
    let SessionsView { sessions, now } = view;
    if sessions.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Monitor
                title="No sessions"
                text="No browser is signed in. Requests from this machine to a development portal \
                      need no session."
            />
        }
        .into_any();
    }
    let others = sessions.iter().filter(|it| !it.current).count();
    let label = match user {
        Some(_) => "Sign out everywhere",
        None => "Sign out other browsers",
    };
    let rows = sessions.into_iter().map(|it| row(it, now, ending));
    let rows = rows.collect_view();
    let columns = [
        "Browser",
        "Signed in from",
        "Signed in",
        "Last used",
        "Actions",
    ];
    let columns = columns.map(Column::new).to_vec();
    view! {
        <DataTable caption="Sessions" columns>{rows}</DataTable>
        {(others > 0).then(|| view! {
            <p class="settings-after">
                <Button on:click=move |_| ending.set(Some(Ending::All(user.clone())))>{label}</Button>
            </p>
        })}
    }
    .into_any()
}

fn row(session: SessionRow, now: i64, ending: RwSignal<Option<Ending>>) -> impl IntoView {
    let own = session.clone();
    let label = format!("Sign out {}", session.device);
    view! {
        <Row>
            <td class="cell-main break">
                <span title=session.user_agent>{session.device}</span>
                {session.current.then(|| view! {
                    " " <Badge tone=Tone::Accent>"this browser"</Badge>
                })}
                <span class="note">{format!(" by {}", session.provider)}</span>
            </td>
            <td class="mono text-sm">{session.address.unwrap_or_else(|| "unknown".to_owned())}</td>
            <td class="note">{ago(session.created_at, now)}</td>
            <td class="note">{ago(session.last_seen_at, now)}</td>
            <td class="cell-actions">
                {(!session.current).then(|| view! {
                    <Button
                        small=true
                        attr:aria-label=label
                        on:click=move |_| ending.set(Some(Ending::One(own.clone())))
                    >
                        "Sign out"
                    </Button>
                })}
            </td>
        </Row>
    }
}

fn end_dialog(ending: RwSignal<Option<Ending>>, reload: Callback<()>) -> impl IntoView {
    let open = open_while(ending);
    let busy = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let end = move |()| {
        let Some(ending) = ending.get_untracked() else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let answer = match ending {
                Ending::One(session) => end_session(session.id).await,
                Ending::All(user) => end_sessions(user).await.map(|_| ()),
            };
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
    let what = move || match ending.get() {
        Some(Ending::One(session)) => format!("{} has to sign in again.", session.device),
        Some(Ending::All(None)) => "Every browser but this one has to sign in again.".to_owned(),
        Some(Ending::All(Some(user))) => {
            format!("Every browser that is signed in as {user} has to sign in again.")
        }
        None => String::new(),
    };
    view! {
        <ConfirmDialog id="end-session" title="Sign out?" confirm="Sign out" open busy on_confirm=end>
            <p>{what}</p>
        </ConfirmDialog>
    }
}
