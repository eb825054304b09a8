//! Writing a template: its text, what is wrong with it, its form, a dry run, and a change request.

mod completion;
mod editor;
mod preview;
mod propose;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use super::super::load::loaded;
use crate::components::{Badge, Card, KnownHosts, PageHeader, Tone};
use crate::data::drafts::{DraftCheckView, DraftView, check_draft, load_draft};

use editor::{Editor, go_to};
use preview::Preview;
use propose::Propose;

/// How long after the last key the draft is checked.
const PAUSE: Duration = Duration::from_millis(350);

/// The editor of a template of the catalog, or of a new one.
#[component]
pub fn EditTemplatePage() -> impl IntoView {
    let params = use_params_map();
    let from = Memo::new(move |_| {
        let params = params.read();
        params.get("namespace").zip(params.get("name"))
    });
    let data = Resource::new_blocking(move || from.get(), load_draft);
    loaded(data, content)
}

fn content(draft: DraftView) -> AnyView {
    provide_context(KnownHosts(draft.hosts.clone()));
    let text = RwSignal::new(draft.text.clone());
    let check = RwSignal::new(DraftCheckView::default());
    follow(text, check);
    let wrong = Signal::derive(move || check.with(|check| !check.problems.is_empty()));
    let title = match &draft.template {
        Some(template) => format!("Edit {template}"),
        None => "New template".to_owned(),
    };
    let beside = draft.template.clone();
    let actions = draft.actions.clone();
    view! {
        <PageHeader title description="Checked as you type. Nothing changes until a change request is merged."/>
        <div class="edit-columns">
            <div class="stack">
                <Editor text actions/>
                {move || check.with(problems)}
            </div>
            <div class="stack">
                <Preview text check beside/>
                <Propose draft text wrong/>
            </div>
        </div>
    }
    .into_any()
}

/// Checks the text whenever it has not changed for a moment.
fn follow(text: RwSignal<String>, check: RwSignal<DraftCheckView>) {
    let latest = StoredValue::new(0_u64);
    Effect::new(move |before: Option<()>| {
        let written = text.get();
        latest.update_value(|number| *number += 1);
        let mine = latest.get_value();
        let ask = move || {
            if latest.try_get_value() != Some(mine) {
                return;
            }
            spawn_local(async move {
                // A check that fails is made up for by the next one.
                if let Ok(now) = check_draft(written).await
                    && latest.try_get_value() == Some(mine)
                {
                    check.try_set(now);
                }
            });
        };
        match before {
            None => ask(),
            Some(()) => set_timeout(ask, PAUSE),
        }
    });
}

fn problems(check: &DraftCheckView) -> impl IntoView + use<> {
    let count = check.problems.len();
    let items = check.problems.iter().map(|(line, text)| {
        let (line, text) = (*line, text.clone());
        view! {
            <li class="draft-problem">
                {(line > 0).then(|| view! {
                    <button type="button" class="link mono" on:click=move |_| go_to(line)>
                        "Line " {line}
                    </button>
                })}
                <span>{text}</span>
            </li>
        }
    });
    let items = items.collect_view();
    view! {
        <Card title="Problems" count=count as u64>
            <div aria-live="polite">
                {match count {
                    0 => view! { <p class="note"><Badge tone=Tone::Success>"None"</Badge> " It can run here."</p> }.into_any(),
                    _ => view! { <ul class="stack-sm">{items}</ul> }.into_any(),
                }}
            </div>
        </Card>
    }
}
