//! One task: its steps, its log, what came of it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use super::{
    super::load::loaded, approval::approval, duration, live, log::TaskLog, retry::retry, status,
    steps::steps,
};
use crate::components::{
    Alert, Button, ButtonKind, ButtonLink, Card, ConfirmDialog, EntityLink, FileNode, FileTree,
    Icon, KeyValue, KeyValueList, PageHeader, Toaster, Tone,
};
use crate::data::UiError;
use crate::data::tasks::{TaskView, cancel_task, load_task};
use crate::paths;

/// The page of one task.
#[component]
pub fn TaskPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let data = Resource::new_blocking(move || id.get(), |id| load_task(id, 0));
    loaded(data, content)
}

fn content(view: TaskView) -> AnyView {
    let title = view.row.title.clone();
    let task = RwSignal::new(view);
    let watched = RwSignal::new(0_u32);
    live::follow(task, watched);
    view! {
        <PageHeader title actions=move || actions(task, watched)/>
        <div class="stack">
            <div aria-live="polite" class="stack">{move || task.with(outcome)}</div>
            {approval(task)}
            <div class="task-columns">
                <div class="stack">
                    <Card title="Steps">{move || task.with(steps)}</Card>
                    <Card title="About">{move || task.with(facts)}</Card>
                </div>
                <div class="stack">
                    <TaskLog task/>
                    {move || task.with(files)}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// What one can do about the task now.
fn actions(task: RwSignal<TaskView>, watched: RwSignal<u32>) -> impl IntoView {
    let stopping = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let said = move |answer: Result<(), UiError>, done: &'static str| {
        if let Some(toaster) = toaster {
            match answer {
                Ok(()) => toaster.show(Tone::Success, done),
                Err(error) => toaster.show(Tone::Danger, error.message),
            }
        }
    };
    let id = move || task.with_untracked(|task| task.row.id.clone());
    let stop = move || {
        stopping.set(false);
        spawn_local(async move {
            said(cancel_task(id()).await, "The task is asked to stop");
        });
    };
    let state = Memo::new(move |_| task.with(|task| (task.may_stop, task.stopping)));
    let again = task.with_untracked(|task| task.may_repeat.then(|| task.again.clone()));
    view! {
        {move || {
            let (may_stop, asked) = state.get();
            may_stop.then(|| view! {
                <Button
                    kind=ButtonKind::Danger
                    loading=Signal::stored(asked)
                    on:click=move |_| stopping.set(true)
                >
                    {if asked { "Stopping" } else { "Stop" }}
                </Button>
            })
        }}
        {retry(task, watched)}
        {again.map(|href| view! {
            <ButtonLink href icon=Icon::Pencil>"Run again with changes"</ButtonLink>
        })}
        <ConfirmDialog
            id="stop-task"
            title="Stop this task?"
            confirm="Stop"
            open=stopping
            on_confirm=Callback::new(move |()| stop())
        >
            <p>"The step that runs now is told to stop. What earlier steps have done stays."</p>
        </ConfirmDialog>
    }
}

/// How it ended, and where to go from here.
fn outcome(task: &TaskView) -> AnyView {
    let links = task.links.iter().map(|(title, href)| {
        let own = href.starts_with('/');
        view! {
            <a class="btn btn-secondary" href=href.clone() rel=(!own).then_some("noopener external")>
                <Icon icon=if own { Icon::ArrowRight } else { Icon::ExternalLink } size=14/>
                {title.clone()}
            </a>
        }
    });
    let links = links.collect_view();
    let texts = task.texts.iter().map(|(title, html)| {
        let title = if title.is_empty() { "Note" } else { title }.to_owned();
        let html = html.clone();
        view! { <Card title><div class="markdown" inner_html=html></div></Card> }
    });
    let texts = texts.collect_view();
    let told = match (task.row.status.as_str(), &task.error) {
        ("completed", _) => {
            let took = task.row.took.map(duration).unwrap_or_default();
            view! { <Alert tone=Tone::Success title="Done">{format!("It took {took}.")}</Alert> }
                .into_any()
        }
        ("failed", error) => {
            let error = error
                .clone()
                .unwrap_or_else(|| "The log says why.".to_owned());
            view! { <Alert tone=Tone::Danger title="It failed">{error}</Alert> }.into_any()
        }
        ("cancelled", _) => view! {
            <Alert tone=Tone::Warning title="It was stopped">"What was done before stays."</Alert>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        {told}
        {(!links.is_empty()).then(|| view! { <div class="flex flex-wrap gap-2">{links}</div> })}
        {texts}
    }
    .into_any()
}

/// The files that were in its folder when it ended.
fn files(task: &TaskView) -> impl IntoView + use<> {
    let count = task.files.len() as u64 + task.more_files;
    let more = task.more_files;
    let nodes = FileNode::tree(task.files.iter().map(String::as_str));
    (count > 0).then(|| {
        view! {
            <Card title="Files" count>
                <FileTree nodes/>
                {(more > 0).then(|| view! { <p class="note">{format!("And {more} more.")}</p> })}
            </Card>
        }
    })
}

fn facts(task: &TaskView) -> impl IntoView + use<> {
    let TaskView {
        row,
        template,
        parameters,
        ..
    } = task.clone();
    let by = row.created_by;
    let parameters = parameters.into_iter().map(|(name, value)| {
        let long = value.len() > 40;
        view! { <KeyValue label=name wide=long><span class="review-value">{value}</span></KeyValue> }
    });
    view! {
        <KeyValueList>
            <KeyValue label="Status">{status(&row.status)}</KeyValue>
            <KeyValue label="Template">
                <EntityLink entity_ref=template.reference() title=template.title.clone()/>
            </KeyValue>
            <KeyValue label="Started by">
                {match by.exists {
                    true => view! { <EntityLink entity_ref=by.reference() title=by.title/> }.into_any(),
                    false => by.entity_ref.into_any(),
                }}
            </KeyValue>
            {row.entity.map(|it| view! {
                <KeyValue label="For"><EntityLink entity_ref=it.reference() title=it.title/></KeyValue>
            })}
            {parameters.collect_view()}
        </KeyValueList>
        <p class="note">
            <a class="link" href=format!("{}?who=everybody", paths::TASKS)>"All tasks"</a>
        </p>
    }
}
