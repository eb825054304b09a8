//! The audit log, for administrators.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::ago::ago;
use super::load::loaded;
use crate::components::{
    Column, DataTable, EmptyState, Icon, PageHeader, Pagination, Row, StatusDot, Tone,
};
use crate::data::audit::{AUDIT_PAGE, AuditRow, AuditView, load_audit};
use crate::paths;

/// Who did what, on what, and who allowed it; newest first.
#[component]
pub fn AuditPage() -> impl IntoView {
    let params = use_query_map();
    let page = Memo::new(move |_| {
        let page: u32 = params
            .read()
            .get("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        page.saturating_sub(1)
    });
    let data = Resource::new_blocking(move || page.get(), load_audit);
    view! {
        <PageHeader
            title="Audit log"
            description="Every change and who made it, with the rule that allowed it. Nothing here can be changed."
        />
        {loaded(data, move |view: AuditView| content(page.get(), view))}
    }
}

fn content(page: u32, view: AuditView) -> AnyView {
    if view.total == 0 {
        return view! {
            <EmptyState
                icon=Icon::ScrollText
                title="Nothing has happened yet"
                text="Sign-ins, registrations, refreshes and removals appear here."
            />
        }
        .into_any();
    }
    let first = page as usize * AUDIT_PAGE;
    let shown = view.rows.len();
    let range = format!("{}–{} of {}", first + 1, first + shown, view.total);
    let href = |page: u32| format!("{}?page={}", paths::AUDIT, page + 1);
    let previous = (page > 0).then(|| href(page - 1));
    let next = ((first + shown) as u64 != view.total).then(|| href(page + 1));
    let now = view.now;
    let rows = view
        .rows
        .into_iter()
        .map(|event| row(event, now))
        .collect_view();
    let columns = ["When", "Who", "What", "On", "Decision"]
        .map(Column::new)
        .to_vec();
    view! {
        <DataTable caption="Audit events" columns>{rows}</DataTable>
        <Pagination range previous=previous next=next/>
    }
    .into_any()
}

fn row(event: AuditRow, now: i64) -> impl IntoView {
    let (tone, label) = match event.decision.as_str() {
        "allow" => (Tone::Success, "allowed"),
        _ => (Tone::Danger, "denied"),
    };
    view! {
        <Row>
            <td class="note">{ago(event.at, now)}</td>
            <td class="mono text-sm">{event.principal}</td>
            <td class="mono text-sm">{event.action}</td>
            <td class="mono cell-main break text-sm">{event.resource}</td>
            <td><span title=event.reason><StatusDot tone label/></span></td>
        </Row>
    }
}
