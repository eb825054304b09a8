//! What templates do and did.

mod approval;
mod approvals;
mod card;
mod filters;
mod live;
mod log;
mod retry;
mod steps;
mod task;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

pub use approvals::ApprovalsPage;
pub(super) use card::history_card;
pub(super) use log::log_lines;
pub use task::TaskPage;

use self::filters::{address, filters};
use super::{ago::ago, load::loaded};
use crate::components::{
    ButtonLink, Column, DataTable, EmptyState, EntityLink, Icon, PageHeader, Pagination, Row,
    StatusDot, Tab, Tabs, Tone,
};
use crate::data::session::{Right, Session};
use crate::data::tasks::{TASKS_PAGE, TaskRow, TasksAsked, TasksView, load_tasks};
use crate::paths;

/// The statuses that can be asked for, and what people call them.
const STATUSES: [(&str, &str); 6] = [
    ("", "All"),
    ("open", "Waiting"),
    ("processing", "Running"),
    ("completed", "Completed"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
];

/// Tasks: one's own, or everybody's.
#[component]
pub fn TasksPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| {
        let params = params.read();
        let page = params.get("page").and_then(|page| page.parse::<u32>().ok());
        TasksAsked {
            page: page.unwrap_or(1).saturating_sub(1),
            status: params.get("status").unwrap_or_default(),
            everybody: params.get("who").as_deref() == Some("everybody"),
            entity_ref: params.get("entity"),
            template_ref: params.get("template").filter(|it| !it.is_empty()),
        }
    });
    let data = Resource::new_blocking(move || asked.get(), load_tasks);
    let may_create = expect_context::<Session>().may(Right::ReadTemplates);
    let actions = move || {
        may_create.then(|| {
            view! {
                <ButtonLink href=paths::CREATE icon=Icon::CirclePlus>"Create"</ButtonLink>
            }
        })
    };
    let tabs = Signal::derive(move || {
        let asked = asked.get();
        let tab = |(status, label): (&str, &str)| Tab {
            label: label.to_owned(),
            href: address(&TasksAsked {
                status: status.to_owned(),
                page: 0,
                ..asked.clone()
            }),
            count: None,
            current: asked.status == status,
        };
        STATUSES.into_iter().map(tab).collect::<Vec<_>>()
    });
    view! {
        <PageHeader
            title="Tasks"
            description="What templates do and did, newest first."
            actions
        />
        <Tabs label="Status" tabs/>
        {loaded(data, move |view: TasksView| content(&asked.get_untracked(), view))}
    }
}

fn content(asked: &TasksAsked, view: TasksView) -> AnyView {
    let narrow = filters(asked, &view.templates);
    view! {
        {narrow}
        {list(asked, view)}
    }
    .into_any()
}

fn list(asked: &TasksAsked, view: TasksView) -> AnyView {
    if view.total == 0 {
        let may_create = expect_context::<Session>().may(Right::ReadTemplates);
        return view! {
            <EmptyState
                icon=Icon::Activity
                title="No tasks here"
                text="Choose a template, fill in its form, and what it does appears here."
            >
                {may_create.then(|| view! {
                    <a class="btn btn-primary" href=paths::CREATE>"Choose a template"</a>
                })}
            </EmptyState>
        }
        .into_any();
    }
    let (now, shown) = (view.now, view.rows.len());
    let rows = view
        .rows
        .into_iter()
        .map(|task| row(task, now))
        .collect_view();
    let mut columns = ["Task", "Status", "For", "By", "Started", "Took"].map(Column::new);
    for at in [2, 3, 5] {
        columns[at].wide_only = true;
    }
    let first = asked.page as usize * TASKS_PAGE as usize;
    let page = |page: u32| {
        address(&TasksAsked {
            page,
            ..asked.clone()
        })
    };
    let previous = (asked.page > 0).then(|| page(asked.page - 1));
    let next = ((first + shown) as u64 != view.total).then(|| page(asked.page + 1));
    let range = format!("{}–{} of {}", first + 1, first + shown, view.total);
    view! {
        <DataTable caption="Tasks" columns=columns.to_vec()>{rows}</DataTable>
        {(previous.is_some() || next.is_some()).then(|| view! { <Pagination range previous=previous next=next/> })}
    }
    .into_any()
}

fn row(task: TaskRow, now: i64) -> impl IntoView {
    let by = task.created_by.clone();
    view! {
        <Row>
            <td class="cell-main">
                <span data-row-link="">
                    <a class="entity-link" href=paths::task(&task.id)>
                        <Icon icon=Icon::LayoutTemplate/>
                        <span class="truncate">{task.title.clone()}</span>
                    </a>
                </span>
            </td>
            <td>{status(&task.status)}</td>
            <td class="wide-only">
                {task.entity.map(|it| view! { <EntityLink entity_ref=it.reference() title=it.title/> })}
            </td>
            <td class="wide-only">
                {match by.exists {
                    true => view! { <EntityLink entity_ref=by.reference() title=by.title/> }.into_any(),
                    false => by.entity_ref.into_any(),
                }}
            </td>
            <td class="note">{ago(task.created_at, now)}</td>
            <td class="note tabular wide-only">{task.took.map(duration)}</td>
        </Row>
    }
}

/// A status in a word and a colour.
fn status(status: &str) -> impl IntoView + use<> {
    let (tone, label) = match status {
        "completed" => (Tone::Success, "completed"),
        "failed" => (Tone::Danger, "failed"),
        "cancelled" => (Tone::Warning, "cancelled"),
        "processing" => (Tone::Accent, "running"),
        "skipped" => (Tone::Neutral, "skipped"),
        "approval" => (Tone::Warning, "waiting for approval"),
        _ => (Tone::Info, "waiting"),
    };
    view! { <StatusDot tone label/> }
}

/// A duration in milliseconds, in the unit that fits.
fn duration(millis: i64) -> String {
    match millis.max(0) {
        short @ 0..1_000 => format!("{short} ms"),
        seconds @ 1_000..60_000 => format!("{}.{} s", seconds / 1_000, seconds % 1_000 / 100),
        long => format!("{} min {} s", long / 60_000, long % 60_000 / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_the_unit_that_fits() {
        assert_eq!(duration(12), "12 ms");
        assert_eq!(duration(1_250), "1.2 s");
        assert_eq!(duration(61_000), "1 min 1 s");
    }
}
