//! The repository of an entity, on the entity's page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{super::ago::ago, state::icon};
use crate::components::{Card, ExternalLink, Icon};
use crate::data::UiError;
use crate::data::repositories::{
    ChangeRequestRow, EntityRepositoryView, OpenChangesView, load_open_changes,
};
use crate::paths;

/// The repository and its newest open change requests.
pub(in crate::pages) fn repository_card(view: EntityRepositoryView) -> impl IntoView {
    let EntityRepositoryView { name, url, changes } = view;
    let is_kept = url.starts_with("local:");
    let known = RwSignal::new(changes.map(Ok::<OpenChangesView, UiError>));
    let asked = url.clone();
    Effect::new(move || {
        let url = asked.clone();
        if known.with_untracked(Option::is_none) {
            spawn_local(async move {
                let answer = load_open_changes(url).await;
                known.try_set(Some(answer));
            });
        }
    });
    let link = if is_kept {
        let href = paths::repository(&name);
        view! { <a class="link" href=href>{name.clone()}</a> }.into_any()
    } else {
        let text = name.clone();
        view! { <ExternalLink href=url>{text}</ExternalLink> }.into_any()
    };
    let kept = is_kept.then_some(name);
    view! {
        <Card title="Repository">
            <div class="stack-sm">
            <ul class="link-list">
                <li class="link-item">
                    <Icon icon=Icon::FolderGit2/>
                    {link}
                </li>
            </ul>
            {move || known.with(|known| match known {
                None => view! { <p class="note text-sm card-more">"Asking for its change requests…"</p> }.into_any(),
                Some(Ok(changes)) => open_changes(changes, kept.as_deref()),
                Some(Err(error)) => {
                    let text = error.message.clone();
                    view! { <p class="note text-sm card-more">{text}</p> }.into_any()
                }
            })}
            </div>
        </Card>
    }
}

/// `kept` is the name of a repository that the portal keeps itself.
fn open_changes(changes: &OpenChangesView, kept: Option<&str>) -> AnyView {
    let OpenChangesView { newest, open, now } = changes;
    if *open == 0 {
        return view! { <p class="note text-sm card-more">"No open change requests"</p> }
            .into_any();
    }
    let all = (*open > newest.len() as u64).then(|| match kept {
        Some(name) => {
            let href = paths::repository_tab(name, "change-requests");
            view! {
                <a class="link text-sm card-more" href=href>"All " {*open} " open change requests"</a>
            }
            .into_any()
        }
        None => view! { <p class="note text-sm card-more">{*open} " are open in all"</p> }.into_any(),
    });
    let rows = newest.iter().map(|it| row(it, kept, *now)).collect_view();
    view! {
        <ul class="link-list">{rows}</ul>
        {all}
    }
    .into_any()
}

fn row(it: &ChangeRequestRow, kept: Option<&str>, now: i64) -> impl IntoView + use<> {
    let title = it.title.clone();
    let link = match kept {
        Some(name) => {
            let href = paths::change_request(name, it.number);
            view! { <a class="link truncate" href=href>{title}</a> }.into_any()
        }
        None => view! { <ExternalLink href=it.url.clone()>{title}</ExternalLink> }.into_any(),
    };
    view! {
        <li class="link-item">
            <Icon icon=icon(&it.state)/>
            {link}
            <span class="note text-sm">{ago(it.created_at, now)}</span>
        </li>
    }
}
