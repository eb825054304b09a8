//! The catalog's sources, their state and their problems.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::ago::ago;
use super::load::loaded;
use super::problem::problem_list;
use crate::components::{
    Card, Column, DataTable, EmptyState, Icon, PageHeader, Pagination, Row, StatusDot, Tone,
};
use crate::data::sources::{SOURCES_PAGE, SourceRow, SourcesView, load_sources};
use crate::paths;

/// The sources page: what is wrong first, then every file.
#[component]
pub fn SourcesPage() -> impl IntoView {
    let params = use_query_map();
    let page_of = move |name: &'static str| {
        let page: u32 = params
            .read()
            .get(name)
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        page.saturating_sub(1)
    };
    let pages = Memo::new(move |_| (page_of("page"), page_of("problems")));
    let data = Resource::new_blocking(
        move || pages.get(),
        |(page, problems)| load_sources(page, problems),
    );
    view! {
        <PageHeader
            title="Sources"
            description="Every file the catalog is read from, how fresh it is, and what is wrong in it."
        />
        {loaded(data, move |view: SourcesView| content(pages.get(), view))}
    }
}

fn content((page, problems_page): (u32, u32), view: SourcesView) -> AnyView {
    let href = |page: u32, problems: u32| {
        format!(
            "{}?page={}&problems={}",
            paths::SOURCES,
            page + 1,
            problems + 1
        )
    };
    let paging =
        |label: &'static str, at: u32, shown: usize, total: u64, href: &dyn Fn(u32) -> String| {
            let first = at as usize * SOURCES_PAGE;
            let previous = (at > 0).then(|| href(at - 1));
            let next = ((first + shown) as u64 != total && shown > 0).then(|| href(at + 1));
            let range = format!(
                "{}–{} of {total}",
                first + usize::from(shown > 0),
                first + shown
            );
            view! { <Pagination range previous=previous next=next label/> }
        };
    let problem_paging = paging(
        "Pages of problems",
        problems_page,
        view.problems.len(),
        view.problems_total,
        &|at| href(page, at),
    );
    let source_paging = paging(
        "Pages of files",
        page,
        view.sources.len(),
        view.sources_total,
        &|at| href(at, problems_page),
    );
    let now = view.now;
    let rows = view
        .sources
        .into_iter()
        .map(|source| row(source, now))
        .collect_view();
    let mut columns = vec![
        Column::new("Source"),
        Column::new("State"),
        Column::new("Entities"),
        Column::new("Read"),
    ];
    columns[2].numeric = true;
    columns[2].wide_only = true;
    columns[3].wide_only = true;
    let no_sources = view.sources_total == 0;
    view! {
        <div class="stack">
            {(view.problems_total > 0).then(|| view! {
                <Card title="Problems" count=view.problems_total>
                    {problem_list(view.problems, true)}
                    {problem_paging}
                </Card>
            })}
            {match no_sources {
                true => view! {
                    <EmptyState
                        icon=Icon::GitBranch
                        title="No sources yet"
                        text="Register a location, or name locations in the configuration."
                    />
                }.into_any(),
                false => view! {
                    <Card title="Files" count=view.sources_total flush=true>
                        <DataTable caption="Sources of the catalog" columns>{rows}</DataTable>
                        {source_paging}
                    </Card>
                }.into_any(),
            }}
        </div>
    }
    .into_any()
}

fn row(source: SourceRow, now: i64) -> impl IntoView {
    let (tone, label) = if source.failures > 0 {
        (
            Tone::Danger,
            counted("failed ", source.failures.into(), "time"),
        )
    } else if source.problems > 0 {
        (Tone::Warning, counted("", source.problems, "problem"))
    } else if source.read_at.is_none() {
        (Tone::Neutral, "not read yet".to_owned())
    } else {
        (Tone::Success, "healthy".to_owned())
    };
    view! {
        <Row>
            <td class="mono cell-main break text-sm">{source.source}</td>
            <td><StatusDot tone label/></td>
            <td class="numeric tabular wide-only">{source.entities}</td>
            <td class="note wide-only">{source.read_at.map(|at| ago(at, now))}</td>
        </Row>
    }
}

/// `1 problem`, `2 problems`.
fn counted(before: &str, count: i64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{before}{count} {what}{plural}")
}
