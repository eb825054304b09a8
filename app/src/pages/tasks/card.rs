//! What templates did with an entity, on the entity's page.

use leptos::prelude::*;

use super::{super::ago::ago, status};
use crate::components::{Card, Icon};
use crate::data::tasks::TasksView;
use crate::paths;

/// The newest tasks of an entity; nothing when there are none.
pub(in crate::pages) fn history_card(entity_ref: &str, view: TasksView) -> impl IntoView + use<> {
    let TasksView {
        rows, total, now, ..
    } = view;
    let more = total > rows.len() as u64;
    let all = format!("{}?entity={}", paths::TASKS, paths::encode(entity_ref));
    let tasks = rows
        .into_iter()
        .map(|task| {
            view! {
                <li class="link-item">
                    <Icon icon=Icon::LayoutTemplate/>
                    <a class="link truncate" href=paths::task(&task.id)>{task.title}</a>
                    {status(&task.status)}
                    <span class="note text-sm">{ago(task.created_at, now)}</span>
                </li>
            }
        })
        .collect_view();
    (total > 0).then(|| {
        view! {
            <Card title="Actions taken">
                <ul class="link-list">{tasks}</ul>
                {more.then(|| view! { <a class="link text-sm card-more" href=all>"All " {total} " actions"</a> })}
            </Card>
        }
    })
}
