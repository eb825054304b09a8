//! The change requests of a repository.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    super::{ago::ago, load::loaded},
    author::author,
    paging,
    state::{STATES, icon},
};
use crate::components::{Column, DataTable, EmptyState, Icon, Row, Tab, Tabs};
use crate::data::repositories::{
    CHANGE_REQUESTS_PAGE, ChangeRequestRow, ChangeRequestsView, load_change_requests,
};
use crate::paths;

/// The Change requests tab.
#[component]
pub(super) fn ChangeRequestsTab(name: String) -> impl IntoView {
    let params = use_query_map();
    let state = Memo::new(move |_| {
        let state = params.read().get("state").unwrap_or_default();
        let known = STATES.into_iter().find(|known| *known == state);
        known.unwrap_or("open")
    });
    let page = Memo::new(move |_| {
        let page = params.read().get("page").and_then(|page| page.parse().ok());
        page.unwrap_or(1_u32).saturating_sub(1)
    });
    let repository = StoredValue::new(name);
    let data = Resource::new_blocking(
        move || (repository.get_value(), state.get(), page.get()),
        |(name, state, page)| load_change_requests(name, state.to_owned(), page),
    );
    let base = move || repository.with_value(|name| paths::repository_tab(name, "change-requests"));
    let tabs = Signal::derive(move || {
        let tabs = STATES.into_iter().map(|it| Tab {
            label: it[..1].to_uppercase() + &it[1..],
            href: format!("{}?state={it}", base()),
            count: None,
            current: it == state.get(),
        });
        tabs.collect::<Vec<_>>()
    });
    view! {
        <Tabs label="State" tabs/>
        {loaded(data, move |view: ChangeRequestsView| {
            let (state, page) = (state.get(), page.get());
            if view.rows.is_empty() {
                return empty(state).into_any();
            }
            let (now, shown) = (view.now, view.rows.len());
            let rows = view.rows.into_iter();
            let rows = repository
                .with_value(|name| rows.map(|it| row(name, it, now)).collect_view());
            let mut columns = ["Title", "By", "Branch", "Proposed"].map(Column::new);
            columns[1].wide_only = true;
            columns[2].wide_only = true;
            let href = |page: u32| format!("{}?state={state}&page={page}", base());
            view! {
                <DataTable caption="Change requests" columns=columns.to_vec()>{rows}</DataTable>
                {paging(page, CHANGE_REQUESTS_PAGE, shown, view.total, href)}
            }
            .into_any()
        })}
    }
}

fn row(repository: &str, it: ChangeRequestRow, now: i64) -> impl IntoView + use<> {
    let href = paths::change_request(repository, it.number);
    view! {
        <Row>
            <td class="cell-main">
                <span data-row-link="">
                    <a class="entity-link" href=href>
                        <Icon icon=icon(&it.state)/>
                        <span class="truncate">{it.title}</span>
                        <span class="note tabular">"#" {it.number}</span>
                    </a>
                </span>
            </td>
            <td class="wide-only">{author(it.author)}</td>
            <td class="mono text-sm wide-only">{it.branch}</td>
            <td class="note">{ago(it.created_at, now)}</td>
        </Row>
    }
}

fn empty(state: &str) -> impl IntoView + use<> {
    let (title, text) = match state {
        "merged" => (
            "Nothing was merged yet",
            "Changes that came in appear here.",
        ),
        "closed" => (
            "Nothing was closed",
            "Changes that nobody wanted appear here.",
        ),
        _ => (
            "No open change requests",
            "What plugins and templates propose to this repository waits here until somebody merges or closes it.",
        ),
    };
    view! { <EmptyState icon=icon(state) title text/> }
}
