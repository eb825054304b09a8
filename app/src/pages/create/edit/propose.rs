//! Proposing a draft to the repository that it belongs to.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::kept::Kept;
use crate::components::{Alert, Button, ButtonKind, Card, FormField, Icon, Input, Textarea, Tone};
use crate::data::UiError;
use crate::data::drafts::{DraftView, propose_draft};

/// Where it goes, and the button.
#[component]
pub(super) fn Propose(
    /// What it began with.
    draft: DraftView,
    /// What is written.
    text: RwSignal<String>,
    /// Whether it has problems.
    wrong: Signal<bool>,
    /// What is kept of it in this browser.
    kept: Kept,
) -> impl IntoView {
    let repository = RwSignal::new(draft.repository.clone());
    let path = RwSignal::new(draft.path.clone());
    let title = RwSignal::new(match &draft.template {
        Some(template) => format!("Change {template}"),
        None => "A new template".to_owned(),
    });
    let body = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let answer = RwSignal::new(None::<Result<String, UiError>>);
    let propose = move |_| {
        busy.set(true);
        spawn_local(async move {
            let made = propose_draft(
                text.get_untracked(),
                repository.get_untracked().trim().to_owned(),
                path.get_untracked().trim().to_owned(),
                title.get_untracked().trim().to_owned(),
                body.get_untracked(),
            )
            .await;
            if made.is_ok() {
                kept.forget();
            }
            answer.set(Some(made));
            busy.set(false);
        });
    };
    let note = (draft.repository.is_empty() && !draft.location.is_empty()).then(|| {
        format!(
            "It is read from {}. Name the repository that this file comes from.",
            draft.location
        )
    });
    let input = |field: &'static str, value: RwSignal<String>, mono: bool| {
        view! {
            <Input
                name=field
                value
                mono
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
    };
    view! {
        <Card title="Propose">
            <div class="stack">
                {note.map(|note| view! { <p class="note break-anywhere">{note}</p> })}
                <FormField
                    id="draft-repository"
                    label="Repository"
                    help="local:NAME, or the address of a repository on GitHub or Azure DevOps"
                    required=true
                >
                    {input("repository", repository, true)}
                </FormField>
                <FormField id="draft-path" label="File" required=true>{input("path", path, true)}</FormField>
                <FormField id="draft-title" label="Title" required=true>{input("title", title, false)}</FormField>
                <FormField id="draft-body" label="What changes, and why">
                    <Textarea
                        name="body"
                        rows=3
                        value=body
                        on:input=move |event| body.set(event_target_value(&event))
                    />
                </FormField>
                <div>
                    <Button
                        kind=ButtonKind::Primary
                        icon=Icon::GitBranch
                        loading=busy
                        on:click=propose
                    >
                        "Open a change request"
                    </Button>
                </div>
                {move || wrong.get().then(|| view! {
                    <p class="note">"The draft has problems; reviewers will see them too."</p>
                })}
                <div aria-live="polite">
                    {move || answer.get().map(|answer| match answer {
                        Ok(url) => view! {
                            <Alert tone=Tone::Success title="Proposed">
                                <a class="link" href=url.clone()>"Open the change request"</a>
                            </Alert>
                        }
                        .into_any(),
                        Err(error) => view! {
                            <Alert tone=Tone::Danger title="It was not proposed">{error.message}</Alert>
                        }
                        .into_any(),
                    })}
                </div>
            </div>
        </Card>
    }
}
