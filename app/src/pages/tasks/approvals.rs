//! What waits for the person to decide, and what was decided lately.

use leptos::prelude::*;

use super::{
    super::{ago::ago, load::loaded},
    approval::{left, person},
};
use crate::components::{
    Card, Column, DataTable, EmptyState, Icon, PageHeader, Row, StatusDot, Tone,
};
use crate::data::tasks::{ApprovalView, ApprovalsView, load_approvals};
use crate::paths;

/// Approvals: the person's inbox, and the last answers of everybody.
#[component]
pub fn ApprovalsPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_approvals());
    view! {
        <PageHeader
            title="Approvals"
            description="Tasks that go on when you agree, and what was decided lately."
        />
        {loaded(data, content)}
    }
}

fn content(view: ApprovalsView) -> AnyView {
    let now = view.now;
    let pending = if view.pending.is_empty() {
        view! {
            <EmptyState
                icon=Icon::Inbox
                title="Nothing waits for you"
                text="When a template asks a group of yours before it goes on, the question appears here."
            />
        }
        .into_any()
    } else {
        let rows = view.pending.into_iter().map(|it| waiting(it, now));
        let rows = rows.collect_view();
        let mut columns = ["Task", "Asked by", "Question", "Left"].map(Column::new);
        columns[2].wide_only = true;
        view! { <DataTable caption="Waiting for you" columns=columns.to_vec()>{rows}</DataTable> }
            .into_any()
    };
    let decided = (!view.decided.is_empty()).then(|| {
        let rows = view.decided.into_iter().map(|it| decided(it, now));
        let rows = rows.collect_view();
        let mut columns = ["Task", "Decision", "By", "Comment", "When"].map(Column::new);
        for at in [2, 3] {
            columns[at].wide_only = true;
        }
        view! {
            <Card title="Decided lately">
                <DataTable caption="Decided lately" columns=columns.to_vec()>{rows}</DataTable>
            </Card>
        }
    });
    view! { <div class="stack">{pending} {decided}</div> }.into_any()
}

fn waiting(approval: ApprovalView, now: i64) -> impl IntoView {
    let asked_by = person(&approval.created_by);
    let question = approval.reason.clone().or_else(|| approval.step.clone());
    view! {
        <Row>
            {task(&approval)}
            <td>{asked_by}</td>
            <td class="wide-only">{question}</td>
            <td class="note tabular">{left(approval.expires_at - now)}</td>
        </Row>
    }
}

fn decided(approval: ApprovalView, now: i64) -> impl IntoView {
    let (tone, label) = match approval.state.as_str() {
        "approved" => (Tone::Success, "approved"),
        "rejected" => (Tone::Danger, "rejected"),
        _ => (Tone::Warning, "expired"),
    };
    let by = approval.decided_by.as_ref().filter(|_| label != "expired");
    let by = by.map(person);
    let when = approval.decided_at.map(|at| ago(at, now));
    view! {
        <Row>
            {task(&approval)}
            <td><StatusDot tone label/></td>
            <td class="wide-only">{by}</td>
            <td class="wide-only">{approval.comment}</td>
            <td class="note">{when}</td>
        </Row>
    }
}

fn task(approval: &ApprovalView) -> impl IntoView + use<> {
    view! {
        <td class="cell-main">
            <span data-row-link="">
                <a class="entity-link" href=paths::task(&approval.task)>
                    <Icon icon=Icon::LayoutTemplate/>
                    <span class="truncate">{approval.title.clone()}</span>
                </a>
            </span>
        </td>
    }
}
