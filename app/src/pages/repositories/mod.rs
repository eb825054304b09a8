//! The repositories that Portico keeps itself, and the changes that are proposed to them.

mod author;
mod branches;
mod card;
mod change_request;
mod change_requests;
mod diff;
mod files;
mod repository;
mod settle;
mod state;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

pub(super) use card::repository_card;
pub use change_request::ChangeRequestPage;
pub use repository::RepositoryPage;

use self::author::author;
use super::{ago::ago, load::loaded};
use crate::components::{
    Badge, Column, DataTable, EmptyState, Icon, PageHeader, Pagination, Row, Tone,
};
use crate::data::repositories::{
    REPOSITORIES_PAGE, RepositoriesView, RepositoryRow, load_repositories,
};
use crate::paths;

/// Every repository, with what waits in it.
#[component]
pub fn RepositoriesPage() -> impl IntoView {
    let params = use_query_map();
    let page = Memo::new(move |_| {
        let page = params.read().get("page").and_then(|page| page.parse().ok());
        page.unwrap_or(1_u32).saturating_sub(1)
    });
    let data = Resource::new_blocking(move || page.get(), load_repositories);
    view! {
        <PageHeader
            title="Repositories"
            description="Git repositories that the portal keeps itself, and the changes proposed to them."
        />
        {loaded(data, move |view: RepositoriesView| content(page.get(), view))}
    }
}

fn content(page: u32, view: RepositoriesView) -> AnyView {
    if view.total == 0 {
        return view! {
            <EmptyState
                icon=Icon::FolderGit2
                title="No repositories yet"
                text="Put folders where scm.local.import of the configuration points: each becomes a \
                      repository when the portal starts."
            />
        }
        .into_any();
    }
    let now = view.now;
    let shown = view.rows.len();
    let rows = view.rows.into_iter().map(|it| row(it, now)).collect_view();
    let mut columns = ["Name", "Default branch", "Last commit", "Change requests"].map(Column::new);
    columns[1].wide_only = true;
    columns[2].wide_only = true;
    view! {
        <DataTable caption="Repositories" columns=columns.to_vec()>{rows}</DataTable>
        {paging(page, REPOSITORIES_PAGE, shown, view.total, |page| {
            format!("{}?page={page}", paths::REPOSITORIES)
        })}
    }
    .into_any()
}

fn row(repository: RepositoryRow, now: i64) -> impl IntoView {
    let href = paths::repository(&repository.name);
    let requests = paths::repository_tab(&repository.name, "change-requests");
    view! {
        <Row>
            <td class="cell-main">
                <span data-row-link="">
                    <a class="entity-link" href=href>
                        <Icon icon=Icon::FolderGit2/>
                        <span class="truncate">{repository.name}</span>
                    </a>
                </span>
            </td>
            <td class="mono text-sm wide-only">{repository.default_branch}</td>
            <td class="commit-cell wide-only">
                {repository.last_commit.map(|commit| view! {
                    <p class="truncate">{commit.title}</p>
                    <p class="row-detail">{author(commit.author)} " " {ago(commit.at, now)}</p>
                })}
            </td>
            <td>
                {match repository.open {
                    0 => view! { <span class="note">"none open"</span> }.into_any(),
                    open => view! {
                        <a href=requests>
                            <Badge tone=Tone::Success icon=Icon::GitPullRequest>{open} " open"</Badge>
                        </a>
                    }
                    .into_any(),
                }}
            </td>
        </Row>
    }
}

/// Links to the other pages of a list; nothing when there is one page.
fn paging(
    page: u32,
    size: usize,
    shown: usize,
    total: u64,
    href: impl Fn(u32) -> String,
) -> impl IntoView {
    let first = page as usize * size;
    let more = (first + shown) as u64 != total && shown > 0;
    let range = format!(
        "{}–{} of {total}",
        first + usize::from(shown > 0),
        first + shown
    );
    let previous = (page > 0).then(|| href(page));
    let next = more.then(|| href(page + 2));
    (previous.is_some() || next.is_some())
        .then(|| view! { <Pagination range previous=previous next=next/> })
}
