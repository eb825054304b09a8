//! One repository: its files, its change requests, its branches.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    super::load::loaded, branches::branches, change_requests::ChangeRequestsTab, files::FilesTab,
};
use crate::components::{CopyButton, EmptyState, Icon, OwnerChip, PageHeader, Tab, Tabs};
use crate::data::repositories::{RepositoryView, load_repository};
use crate::paths;

/// The page of one repository.
#[component]
pub fn RepositoryPage() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.read().get("name").unwrap_or_default());
    let tab = Memo::new(move |_| params.read().get("tab").unwrap_or_default());
    let data = Resource::new_blocking(move || name.get(), load_repository);
    loaded(data, move |view: RepositoryView| content(view, tab))
}

fn content(view: RepositoryView, tab: Memo<String>) -> AnyView {
    let repository = StoredValue::new(view.clone());
    let tabs =
        Signal::derive(move || repository.with_value(|repository| tabs(repository, &tab.get())));
    let owners = view.owners.into_iter();
    let owners = owners
        .map(|owner| view! { <OwnerChip entity_ref=owner.reference() title=owner.title/> })
        .collect_view();
    let has_owners = !repository.with_value(|repository| repository.owners.is_empty());
    let clone = format!("git clone {}", view.clone_url);
    view! {
        <PageHeader title=view.name/>
        <div class="repository-facts">
            <span class="entity-ref mono">
                {view.url.clone()}
                <CopyButton text=view.url label="Copy reference"/>
            </span>
            <span class="entity-ref mono">
                {clone.clone()}
                <CopyButton text=clone label="Copy clone command"/>
            </span>
            {has_owners.then(|| view! { <span class="note">"Owned by"</span> {owners} })}
        </div>
        <Tabs label="Repository" tabs/>
        <div class="tab-body">
            {move || {
                let repository = repository.get_value();
                match tab.get().as_str() {
                    "" => view! { <FilesTab repository/> }.into_any(),
                    "change-requests" => view! { <ChangeRequestsTab name=repository.name/> }.into_any(),
                    "branches" => branches(repository).into_any(),
                    _ => no_such_tab(&repository.name).into_any(),
                }
            }}
        </div>
    }
    .into_any()
}

fn tabs(repository: &RepositoryView, current: &str) -> Vec<Tab> {
    let name = &repository.name;
    let tab = |id: &str, label: &str, count: Option<u64>| Tab {
        label: label.to_owned(),
        href: match id {
            "" => paths::repository(name),
            id => paths::repository_tab(name, id),
        },
        count,
        current: id == current,
    };
    vec![
        tab("", "Files", None),
        tab("change-requests", "Change requests", Some(repository.open)),
        tab(
            "branches",
            "Branches",
            Some(repository.branches.len() as u64),
        ),
    ]
}

fn no_such_tab(name: &str) -> impl IntoView + use<> {
    let files = paths::repository(name);
    view! {
        <EmptyState
            icon=Icon::Search
            title="There is no such tab"
            text="The repository is here, but this part of its page is not."
        >
            <a class="btn btn-secondary" href=files>"Show the files"</a>
        </EmptyState>
    }
}
