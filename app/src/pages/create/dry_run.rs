//! What a template would do with these values: files, effects, log.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::super::tasks::log_lines;
use crate::components::{Alert, Badge, Button, Card, CodeBlock, Icon, Tone};
use crate::data::UiError;
use crate::data::tasks::{DryFileView, DryRunView, dry_run};

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
    let effects = result.effects.into_iter().map(|(step, summary, details)| {
        let empty = matches!(details.as_str(), "" | "null" | "{}");
        view! {
            <li>
                <p><Badge>{step}</Badge> " " {summary}</p>
                {(!empty).then(|| view! {
                    <details>
                        <summary class="note">"Details"</summary>
                        <CodeBlock label="Details" text=details/>
                    </details>
                })}
            </li>
        }
    });
    let effects = effects.collect_view();
    let none = effects.is_empty();
    let count = result.files.len();
    let files = result.files.into_iter().map(file).collect_view();
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
        <div class="dry-files">{files}</div>
        {result.truncated.then(|| view! { <p class="note">"There are more files than are shown."</p> })}
        <details>
            <summary class="section-title">"Log"</summary>
            {log_lines(&result.lines)}
        </details>
    }
}

fn file(file: DryFileView) -> impl IntoView {
    let content = match file.text {
        Some(text) => {
            let path = file.path.clone();
            let lines = file.html.unwrap_or_else(|| plain(&text));
            view! { <CodeBlock label=path text html=lines/> }.into_any()
        }
        None => view! { <p class="note">"No text."</p> }.into_any(),
    };
    view! {
        <details>
            <summary class="dry-file mono">
                <Icon icon=Icon::FileText size=14/>
                {file.path}
            </summary>
            {content}
        </details>
    }
}

fn plain(text: &str) -> Vec<String> {
    let escape = |line: &str| {
        line.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    text.lines().map(escape).collect()
}
