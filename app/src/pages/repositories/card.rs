//! The repository of an entity, on the entity's page.

use leptos::prelude::*;

use super::{super::ago::ago, state::icon};
use crate::components::{Card, Icon};
use crate::data::repositories::EntityRepositoryView;
use crate::paths;

/// The repository and its newest open change requests.
pub(in crate::pages) fn repository_card(view: EntityRepositoryView) -> impl IntoView {
    let EntityRepositoryView {
        name,
        newest,
        open,
        now,
    } = view;
    let all = paths::repository_tab(&name, "change-requests");
    let more = open > newest.len() as u64;
    let requests = newest
        .into_iter()
        .map(|it| {
            let href = paths::change_request(&name, it.number);
            view! {
                <li class="link-item">
                    <Icon icon=icon(&it.state)/>
                    <a class="link truncate" href=href>{it.title}</a>
                    <span class="note text-sm">{ago(it.created_at, now)}</span>
                </li>
            }
        })
        .collect_view();
    let href = paths::repository(&name);
    view! {
        <Card title="Repository">
            <ul class="link-list">
                <li class="link-item">
                    <Icon icon=Icon::FolderGit2/>
                    <a class="link" href=href>{name}</a>
                </li>
                {requests}
            </ul>
            {match (open, more) {
                (0, _) => view! { <p class="note text-sm card-more">"No open change requests"</p> }.into_any(),
                (_, true) => view! {
                    <a class="link text-sm card-more" href=all>"All " {open} " open change requests"</a>
                }
                .into_any(),
                (_, false) => ().into_any(),
            }}
        </Card>
    }
}
