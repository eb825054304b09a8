//! What a template would do with these values: files, effects, log.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::super::tasks::log_lines;
use crate::components::{Alert, Badge, Button, Card, CodeBlock, Icon, Tone};
use crate::data::UiError;
use crate::data::tasks::{DryEffectView, DryFileView, DryRunView, dry_run};

/// The button, and what came of it.
#[component]
pub(super) fn DryRunPanel(
    /// The template's reference.
    template: String,
    /// What was entered.
    values: Value,
    /// What only steps may see.
    secrets: Value,
) -> impl IntoView {
    let asked = StoredValue::new((template, values, secrets));
    let busy = RwSignal::new(false);
    let answer = RwSignal::new(None::<Result<DryRunView, UiError>>);
    let run = move |_| {
        busy.set(true);
        spawn_local(async move {
            let (template, values, secrets) = asked.get_value();
            answer.set(Some(dry_run(template, values, secrets).await));
            busy.set(false);
        });
    };
    view! {
        <Card title="Dry run">
            <div class="stack">
                <p class="note">
                    "See every file it would write and everything it would do elsewhere. Nothing is changed."
                </p>
                <div>
                    <Button icon=Icon::Eye loading=busy on:click=run>"Dry run"</Button>
                </div>
                {answered(answer)}
            </div>
        </Card>
    }
}

/// What came of a dry run, when there was one.
pub(super) fn answered(answer: RwSignal<Option<Result<DryRunView, UiError>>>) -> impl IntoView {
    view! {
        <div aria-live="polite" class="stack">
            {move || answer.get().map(|answer| match answer {
                Ok(result) => outcome(result).into_any(),
                Err(error) => view! {
                    <Alert tone=Tone::Danger title="The dry run did not work">{error.message}</Alert>
                }
                .into_any(),
            })}
        </div>
    }
}

fn outcome(result: DryRunView) -> impl IntoView {
    let effects = result.effects.into_iter().map(effect);
    let effects = effects.collect_view();
    let none = effects.is_empty();
    let count = result.files.len();
    let files = folder(result.files);
    view! {
        {match result.error {
            Some(error) => view! {
                <Alert tone=Tone::Danger title="It would fail">{error}</Alert>
            }
            .into_any(),
            None => view! {
                <Alert tone=Tone::Success title="It would work">
                    {format!("{count} files, and what is listed below.")}
                </Alert>
            }
            .into_any(),
        }}
        <h3 class="section-title">"What it would do"</h3>
        {match none {
            true => view! { <p class="note">"Nothing outside its own folder."</p> }.into_any(),
            false => view! { <ol class="stack" aria-label="Effects">{effects}</ol> }.into_any(),
        }}
        <h3 class="section-title">"Files in its folder at the end"</h3>
        {(count == 0).then(|| view! { <p class="note">"None."</p> })}
        <div class="file-tree">{files}</div>
        {result.truncated.then(|| view! { <p class="note">"There are more files than are shown."</p> })}
        <details>
            <summary class="section-title disclosure">"Log"</summary>
            {log_lines(&result.lines)}
        </details>
    }
}

fn effect(effect: DryEffectView) -> impl IntoView {
    view! {
        <li class="stack-sm">
            <p><Badge>{effect.step}</Badge> " " {effect.summary}</p>
            {effect.diff.map(|(text, html)| view! {
                <details open>
                    <summary class="note disclosure">"What it changes"</summary>
                    <CodeBlock label="What it changes" text html/>
                </details>
            })}
            {(!effect.details.is_empty()).then(|| view! {
                <details>
                    <summary class="note disclosure">"Details"</summary>
                    <CodeBlock label="Details" text=effect.details/>
                </details>
            })}
        </li>
    }
}

/// Files in their folders, folders first. The paths are from the folder that is shown.
fn folder(files: Vec<DryFileView>) -> AnyView {
    let (mut folders, mut here) = (Vec::<(String, Vec<DryFileView>)>::new(), Vec::new());
    for mut file in files {
        let Some((name, rest)) = file.path.split_once('/') else {
            here.push(file);
            continue;
        };
        let (name, rest) = (name.to_owned(), rest.to_owned());
        file.path = rest;
        match folders.iter_mut().find(|it| it.0 == name) {
            Some((_, files)) => files.push(file),
            None => folders.push((name, vec![file])),
        }
    }
    let folders = folders.into_iter().map(|(name, files)| {
        view! {
            <li>
                <details open>
                    <summary class="file-node">
                        <span class="file-arrow"><Icon icon=Icon::ChevronRight size=12/></span>
                        <Icon icon=Icon::Folder size=14/>
                        {name}
                    </summary>
                    {folder(files)}
                </details>
            </li>
        }
    });
    let here = here.into_iter().map(file);
    view! { <ul>{folders.collect_view()} {here.collect_view()}</ul> }.into_any()
}

fn file(file: DryFileView) -> impl IntoView {
    let content = match file.text {
        Some(text) => {
            let path = file.path.clone();
            match file.html {
                Some(html) => view! { <CodeBlock label=path text html/> }.into_any(),
                None => view! { <CodeBlock label=path text/> }.into_any(),
            }
        }
        None => view! { <p class="note">"No text."</p> }.into_any(),
    };
    view! {
        <li>
            <details>
                <summary class="file-node">
                    <span class="file-arrow"><Icon icon=Icon::ChevronRight size=12/></span>
                    <Icon icon=Icon::FileText size=14/>
                    {file.path}
                </summary>
                {content}
            </details>
        </li>
    }
}
