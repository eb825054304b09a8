//! The files of a branch: a folder with its README, or one file.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::super::load::loaded;
use crate::components::{Card, CodeBlock, Column, DataTable, EmptyState, Icon, Menu, Row};
use crate::data::repositories::{EntryView, FileView, FilesView, RepositoryView, load_files};
use crate::paths;

/// Branches that the menu names; all of them are on a tab of their own.
const MENU: usize = 20;

/// The Files tab.
#[component]
pub(super) fn FilesTab(repository: RepositoryView) -> impl IntoView {
    let params = use_query_map();
    let branch = Memo::new(move |_| params.read().get("ref").filter(|it| !it.is_empty()));
    let path = Memo::new(move |_| params.read().get("path").unwrap_or_default());
    let name = repository.name.clone();
    let data = Resource::new_blocking(
        move || (name.clone(), branch.get(), path.get()),
        |(name, branch, path)| load_files(name, branch, path),
    );
    let repository = StoredValue::new(repository);
    loaded(data, move |view: FilesView| {
        let (branch, path) = (branch.get(), path.get());
        let at = Place {
            repository: repository.with_value(|it| it.name.clone()),
            branch,
            path,
        };
        view! {
            <div class="files-bar">
                {repository.with_value(|repository| branch_menu(repository, &at))}
                {way(&at)}
            </div>
            {match view.file {
                Some(file) => file_view(&at, file).into_any(),
                None => folder(&at, view).into_any(),
            }}
        }
        .into_any()
    })
}

/// Where in which repository a page is.
struct Place {
    repository: String,
    branch: Option<String>,
    path: String,
}

impl Place {
    fn href(&self, path: &str) -> String {
        paths::repository_file(&self.repository, self.branch.as_deref(), path)
    }
}

fn branch_menu(repository: &RepositoryView, at: &Place) -> impl IntoView + use<> {
    let shown = at.branch.as_deref().unwrap_or(&repository.default_branch);
    let label = shown.to_owned();
    let branches = repository.branches.iter().take(MENU);
    let items = branches
        .map(|branch| {
            let is_default = branch.name == repository.default_branch;
            let named = (!is_default).then_some(branch.name.as_str());
            let current = branch.name == shown;
            view! {
                <a
                    class="menu-item"
                    href=paths::repository_file(&repository.name, named, &at.path)
                    aria-current=current.then_some("true")
                >
                    <span class="menu-check">
                        {current.then(|| view! { <Icon icon=Icon::Check size=14/> })}
                    </span>
                    {branch.name.clone()}
                </a>
            }
        })
        .collect_view();
    let all = (repository.branches.len() > MENU).then(|| {
        let href = paths::repository_tab(&repository.name, "branches");
        view! { <a class="menu-item" href=href><span class="menu-check"></span>"All branches"</a> }
    });
    view! { <Menu id="branch-menu" label icon=Icon::GitBranch>{items}{all}</Menu> }
}

/// The folders above, each a link.
fn way(at: &Place) -> impl IntoView + use<> {
    let parts: Vec<&str> = at.path.split('/').filter(|part| !part.is_empty()).collect();
    let last = parts.len();
    let steps = parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let part = (*part).to_owned();
            let step = if index + 1 == last {
                view! { <span class="font-medium">{part}</span> }.into_any()
            } else {
                let href = at.href(&parts[..=index].join("/"));
                view! { <a class="link" href=href>{part}</a> }.into_any()
            };
            view! { <span class="note" aria-hidden="true">"/"</span> {step} }
        })
        .collect_view();
    view! {
        <nav class="files-way mono text-sm" aria-label="Folders">
            <a class="link" href=at.href("")>{at.repository.clone()}</a>
            {steps}
        </nav>
    }
}

fn folder(at: &Place, view: FilesView) -> impl IntoView + use<> {
    let empty = view.folder.is_empty();
    let rows = view
        .folder
        .into_iter()
        .map(|entry| row(at, entry))
        .collect_view();
    let mut columns = ["Name", "Size"].map(Column::new);
    columns[1].numeric = true;
    view! {
        <div class="stack">
            {match empty {
                true => view! {
                    <EmptyState icon=Icon::Folder title="Nothing is here yet" text="This branch has no files."/>
                }
                .into_any(),
                false => view! { <DataTable caption="Files" columns=columns.to_vec()>{rows}</DataTable> }.into_any(),
            }}
            {view.readme.map(|(name, html)| view! {
                <Card title=name><div class="markdown" inner_html=html></div></Card>
            })}
        </div>
    }
}

fn row(at: &Place, entry: EntryView) -> impl IntoView + use<> {
    let icon = match (entry.folder, &entry.path) {
        (true, _) => Icon::Folder,
        (false, Some(_)) => Icon::FileText,
        (false, None) => Icon::Link,
    };
    let name = match entry.path {
        Some(path) => view! {
            <span data-row-link="">
                <a class="entity-link" href=at.href(&path)>
                    <span class="note"><Icon icon/></span>
                    <span class="truncate">{entry.name}</span>
                </a>
            </span>
        }
        .into_any(),
        None => view! {
            <span class="entity-link note"><Icon icon/> {entry.name} " (a link or submodule)"</span>
        }
        .into_any(),
    };
    view! {
        <Row>
            <td class="cell-main">{name}</td>
            <td class="numeric tabular note">{entry.size}</td>
        </Row>
    }
}

fn file_view(at: &Place, file: FileView) -> impl IntoView + use<> {
    let label = format!("{} · {}", at.path, file.size);
    let api = api(at);
    match (file.text, file.is_text) {
        (Some(text), _) => match file.html {
            Some(html) => view! { <CodeBlock label text html/> }.into_any(),
            None => view! { <CodeBlock label text/> }.into_any(),
        },
        (None, true) => view! {
            <EmptyState icon=Icon::FileText title="Too long for a page" text=format!("{label}. The REST API has all of it.")>
                <a class="btn btn-secondary" rel="external" href=api>"Read it through the API"</a>
            </EmptyState>
        }
        .into_any(),
        (None, false) => view! {
            <EmptyState icon=Icon::File title="This file is no text" text=label/>
        }
        .into_any(),
    }
}

/// The file in the REST API.
fn api(at: &Place) -> String {
    let branch = at.branch.as_deref();
    let branch = branch.map_or_else(String::new, |it| format!("&ref={}", paths::encode(it)));
    format!(
        "/api/scm/repositories/{}/files?path={}{branch}",
        at.repository,
        paths::encode(&at.path)
    )
}
