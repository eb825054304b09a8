//! One change request: what it is about, what it changes, and merging it.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    super::{ago::ago, load::loaded},
    author::author,
    diff,
    settle::{End, EndButton},
    state,
};
use crate::components::{Alert, Card, Icon, OwnerChip, PageHeader, Tone};
use crate::data::repositories::{ChangeRequestView, CommitView, load_change_request};
use crate::data::{EntityLabel, UiError};
use crate::paths;

/// The page of one change request.
#[component]
pub fn ChangeRequestPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let name = Memo::new(move |_| params.read().get("name").unwrap_or_default());
    let number = Memo::new(move |_| params.read().get("number").unwrap_or_default());
    let show = Memo::new(move |_| query.read().get("show"));
    let again = RwSignal::new(0_u32);
    let data = Resource::new_blocking(
        move || (name.get(), number.get(), show.get(), again.get()),
        async |(name, number, show, _)| match number.parse() {
            Ok(number) => load_change_request(name, number, show).await,
            Err(_) => Err(UiError::invalid(format!(
                "\"{number}\" is not the number of a change request"
            ))),
        },
    );
    let reload = Callback::new(move |()| again.update(|count| *count += 1));
    loaded(data, move |view: ChangeRequestView| content(view, reload))
}

fn content(view: ChangeRequestView, reload: Callback<()>) -> AnyView {
    let open = view.state == "open";
    let (conflicts, base) = (view.conflicts, view.base);
    let offered = (open && view.may_settle).then_some(match conflicts.is_empty() {
        true => &[End::Close, End::Merge][..],
        false => &[End::Close],
    });
    let buttons = {
        let (repository, base, number) = (view.repository.clone(), base.clone(), view.number);
        move || {
            let ends = offered.unwrap_or_default().iter();
            ends.map(|&end| {
                let (repository, base) = (repository.clone(), base.clone());
                view! { <EndButton end repository number base done=reload/> }
            })
            .collect_view()
        }
    };
    let title = format!("{} #{}", view.title, view.number);
    let has_body = !view.body.trim().is_empty();
    view! {
        <PageHeader title actions=buttons/>
        <div class="repository-facts">
            {state::badge(view.state)}
            {author(view.author)}
            <span class="note">"proposed"</span>
            {branch(&view.repository, &view.branch)}
            <span class="note">"for"</span>
            {branch(&view.repository, &base)}
            <span class="note">
                {ago(view.created_at, view.now)}
                {view.via.map(|via| format!(", made by {via}"))}
            </span>
        </div>
        <div class="stack">
            {view.settled.map(|(who, at)| view! {
                <p class="repository-facts">
                    {match &view.merge_commit {
                        Some(_) => "Merged by",
                        None => "Closed by",
                    }}
                    {author(who)}
                    <span class="note">{ago(at, view.now)}</span>
                    {view.merge_commit.map(|commit| view! {
                        <span class="note">"as commit " <span class="mono">{commit}</span></span>
                    })}
                </p>
            })}
            {(!conflicts.is_empty()).then(|| conflict(&base, conflicts))}
            {(open && !view.may_settle).then(|| who_may(view.owners))}
            {has_body.then(|| view! {
                <Card title="Description">
                    <div class="markdown" inner_html=view.body></div>
                </Card>
            })}
            {commits(view.commits, view.now)}
            {diff::files(&view.repository, view.number, view.files, view.truncated)}
        </div>
    }
    .into_any()
}

fn branch(repository: &str, name: &str) -> impl IntoView + use<> {
    let href = paths::repository_file(repository, Some(name), "");
    view! { <a class="branch mono" href=href><Icon icon=Icon::GitBranch size=12/> {name.to_owned()}</a> }
}

fn conflict(base: &str, files: Vec<String>) -> impl IntoView + use<> {
    let title = format!("It cannot be merged: {base} changed in the same places");
    view! {
        <Alert tone=Tone::Danger title>
            <ul class="mono text-sm">
                {files.into_iter().map(|file| view! { <li class="break">{file}</li> }).collect_view()}
            </ul>
            <p>"Close it and propose the change again, on top of what is there now."</p>
        </Alert>
    }
}

fn who_may(owners: Vec<EntityLabel>) -> impl IntoView {
    let nobody = owners.is_empty();
    let owners = owners
        .into_iter()
        .map(|owner| view! { <OwnerChip entity_ref=owner.reference() title=owner.title/> })
        .collect_view();
    view! {
        <p class="repository-facts">
            <span class="note">
                {match nobody {
                    true => "Administrators merge or close it.",
                    false => "Administrators and the owners of the repository merge or close it:",
                }}
            </span>
            {owners}
        </p>
    }
}

fn commits(commits: Vec<CommitView>, now: i64) -> impl IntoView {
    let count = commits.len() as u64;
    let items = commits
        .into_iter()
        .map(|commit| {
            view! {
                <li class="commit">
                    <Icon icon=Icon::GitCommitHorizontal/>
                    <span class="commit-title">{commit.title}</span>
                    <span class="mono text-xs note">{commit.short_id}</span>
                    {author(commit.author)}
                    <span class="note text-sm">{ago(commit.at, now)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <Card title="Commits" count><ul class="commits">{items}</ul></Card> }
}
