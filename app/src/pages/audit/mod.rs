//! The audit log, for administrators.

mod event;
mod filters;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::ago::ago;
use super::load::loaded;
use crate::components::{
    Alert, Column, DataTable, EmptyState, Icon, PageHeader, Pagination, StatusDot, Tone,
};
use crate::data::audit::{AUDIT_PAGE, AuditQuery, AuditView, ChainState, load_audit};

/// Who did what, on what, and who allowed it; newest first.
#[component]
pub fn AuditPage() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| filters::of(&params.read()));
    let data = Resource::new_blocking(move || query.get(), load_audit);
    view! {
        <PageHeader
            title="Audit log"
            description="Every change and every refusal, with who asked and the rule that decided. Nothing here can be changed."
        />
        {loaded(data, move |view: AuditView| content(&query.get(), view))}
    }
}

fn content(query: &AuditQuery, view: AuditView) -> AnyView {
    let form = filters::form(query);
    let tools = view! {
        <div class="event-tools">
            {chain(&view.chain, view.now)}
            <div class="flex flex-wrap gap-2">{filters::exports(query)}</div>
        </div>
    };
    if view.total == 0 {
        let (title, text) = if filters::is_narrowed(query) {
            ("Nothing matches", "No event is like that. Remove a filter.")
        } else {
            (
                "Nothing has happened yet",
                "Sign-ins, registrations, refreshes and removals appear here.",
            )
        };
        return view! {
            {form}
            {tools}
            <EmptyState icon=Icon::ScrollText title=title text=text/>
        }
        .into_any();
    }
    let first = query.page as usize * AUDIT_PAGE;
    let shown = view.rows.len();
    let range = format!("{}–{} of {}", first + 1, first + shown, view.total);
    let page = |page: u32| {
        filters::href(&AuditQuery {
            page,
            ..query.clone()
        })
    };
    let previous = query.page.checked_sub(1).map(page);
    let next = (((first + shown) as u64) < view.total).then(|| page(query.page + 1));
    let now = view.now;
    let rows = view
        .rows
        .into_iter()
        .map(|row| event::row(query, row, now))
        .collect_view();
    let columns = event::COLUMNS.map(|label| Column {
        wide_only: matches!(label, "On" | "From"),
        ..Column::new(label)
    });
    view! {
        {form}
        {tools}
        <DataTable caption="Audit events" columns=columns.to_vec()>{rows}</DataTable>
        <Pagination range previous=previous next=next/>
    }
    .into_any()
}

/// Whether the chain is whole, as far as it is known.
fn chain(state: &ChainState, now: i64) -> AnyView {
    match state {
        ChainState::Unknown => {
            view! { <p class="note"><StatusDot tone=Tone::Neutral label="The chain is being verified"/></p> }
                .into_any()
        }
        ChainState::Whole { position, at } => {
            let label = format!("Verified up to event {position}, {}", ago(*at, now));
            view! { <p class="note"><StatusDot tone=Tone::Success label/></p> }.into_any()
        }
        ChainState::Broken { position, what } => {
            let title = format!("The chain is broken at event {position}");
            let text = format!("Somebody has changed the database past Portico: {what}. ");
            view! {
                <Alert tone=Tone::Danger title>
                    {text}
                    "Compare with the copy in your log collector; "<code>"portico audit verify"</code>" says the same."
                </Alert>
            }
            .into_any()
        }
    }
}
