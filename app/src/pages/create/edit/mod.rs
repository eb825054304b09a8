//! Writing a template: its text, what is wrong with it, its form, a dry run, and a change request.

mod completion;
mod editor;
mod kept;
mod preview;
mod propose;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::super::draft_text::{check_as_typed, line_problems};
use super::super::load::loaded;
use crate::components::{KnownHosts, PageHeader};
use crate::data::drafts::{DraftCheckView, DraftView, check_draft, load_draft};
use crate::data::session::{Right, Session};

use editor::{Editor, TEXT};
use kept::Kept;
use preview::Preview;
use propose::Propose;

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
    let kept = Kept::new(draft.template.as_deref(), text);
    let check = RwSignal::new(DraftCheckView::default());
    check_as_typed(text, check, check_draft);
    let wrong = Signal::derive(move || check.with(|check| !check.problems.is_empty()));
    let title = match &draft.template {
        Some(template) => format!("Edit {template}"),
        None => "New template".to_owned(),
    };
    let beside = draft.template.clone();
    let actions = draft.actions.clone();
    let may_propose = expect_context::<Session>().may(Right::Propose);
    view! {
        <PageHeader title description="Checked as you type. Nothing changes until a change request is merged."/>
        <div class="edit-columns">
            <div class="stack">
                {kept.notice()}
                <Editor text actions/>
                {move || check.with(|check| line_problems(TEXT, &check.problems, "It can run here."))}
            </div>
            <div class="stack">
                <Preview text check beside/>
                {may_propose.then(|| view! { <Propose draft text wrong kept/> })}
            </div>
        </div>
    }
    .into_any()
}
