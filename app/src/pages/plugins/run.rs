//! "Try it": one call of the active version, with what it returned, used and logged.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use crate::components::{
    Alert, Badge, Button, ButtonKind, Card, CodeBlock, FormField, FormState, Icon, Input,
    SchemaForm, Switch, Tone,
};
use crate::data::UiError;
use crate::data::plugins::{RunView, run_plugin};

/// What can be tried.
pub(super) struct Console {
    /// The plugin.
    pub id: String,
    /// What kind it is.
    pub world: String,
    /// The JSON Schema of an action's input.
    pub input: Option<Value>,
    /// Titles and inputs of examples.
    pub examples: Vec<(String, Value)>,
    /// Whether it may be called for real.
    pub effects: bool,
    /// Called when a call has ended, however it did.
    pub ran: Callback<()>,
}

/// The console of a plugin that runs.
pub(super) fn run_console(console: Console) -> impl IntoView {
    let id = StoredValue::new(console.id);
    let ran = console.ran;
    let check = console.world == "scorecard-check";
    let first = console.examples.first().map(|(_, input)| input.clone());
    let form = console
        .input
        .map(|schema| FormState::new("run-input", &schema, &first.unwrap_or_default()));
    let entity = RwSignal::new(String::new());
    let dry_run = RwSignal::new(true);
    let busy = RwSignal::new(false);
    let answer = RwSignal::new(None::<Result<RunView, UiError>>);
    let run = move |_| {
        let input = match form.map(FormState::submit) {
            Some(None) => return,
            Some(Some(input)) => input,
            None => Value::Null,
        };
        busy.set(true);
        let entity = entity.get_untracked();
        let dry_run = dry_run.get_untracked();
        let id = id.get_value();
        spawn_local(async move {
            let said = run_plugin(id, input, entity, dry_run).await;
            // The page may be another one by now.
            answer.try_set(Some(said));
            busy.try_set(false);
            ran.try_run(());
        });
    };
    view! {
        <Card title="Try it">
            <div class="stack">
                {form.map(|form| view! {
                    {examples(form, console.examples)}
                    <SchemaForm form label="Input"/>
                })}
                {check.then(|| view! {
                    <FormField id="run-entity" label="Entity" help="The reference of the entity to look at." required=true>
                        <Input
                            name="entity"
                            value=entity
                            mono=true
                            placeholder="component:default/orders-api"
                            on:input=move |event| entity.set(event_target_value(&event))
                        />
                    </FormField>
                })}
                {if console.effects {
                    view! { <Switch label="Dry run: record effects, change nothing" on=dry_run/> }.into_any()
                } else {
                    view! { <p class="note">"It is a dry run: effects are recorded, nothing changes."</p> }.into_any()
                }}
                <div>
                    <Button kind=ButtonKind::Primary icon=Icon::Terminal loading=busy on:click=run>"Run"</Button>
                </div>
                <div aria-live="polite" class="stack">
                    {move || answer.get().map(|answer| match answer {
                        Ok(run) => result(run).into_any(),
                        Err(error) => view! {
                            <Alert tone=Tone::Danger title="It was not run">{error.message}</Alert>
                        }
                        .into_any(),
                    })}
                </div>
            </div>
        </Card>
    }
}

/// The examples of the manifest, each of which fills in the form.
fn examples(form: FormState, examples: Vec<(String, Value)>) -> impl IntoView {
    (!examples.is_empty()).then(|| {
        view! {
            <div class="flex flex-wrap items-center gap-2" role="group" aria-label="Examples">
                <span class="note">"Fill in an example:"</span>
                {examples
                    .into_iter()
                    .map(|(title, input)| view! {
                        <Button small=true on:click=move |_| form.replace(&input)>{title}</Button>
                    })
                    .collect_view()}
            </div>
        }
    })
}

fn result(run: RunView) -> impl IntoView {
    let made = run.output.as_deref().and_then(made);
    view! {
        <p class="note">{run.usage}</p>
        {run.error.map(|error| view! {
            <Alert tone=Tone::Danger title="It failed">{error}</Alert>
        })}
        {run.output.map(|output| view! { <CodeBlock label="Output" text=output/> })}
        {made.map(|href| view! {
            <p><a class="link" href=href>"See what it made"</a></p>
        })}
        {run.effects.map(|effects| view! {
            <CodeBlock label="What it would have done" text=effects/>
        })}
        {(!run.log.is_empty()).then(|| log_lines(run.log))}
    }
}

/// Where the output leads, to a change request for example: actions call it `url`.
fn made(output: &str) -> Option<String> {
    let output: Value = serde_json::from_str(output).ok()?;
    let url = output.get("url")?.as_str()?;
    // Anything but the web could run code in the reader's browser.
    let own = url.starts_with('/') && !url.starts_with("//");
    let web = url.starts_with("https://") || url.starts_with("http://");
    (own || web).then(|| url.to_owned())
}

/// Lines of log: level and text.
pub(super) fn log_lines(log: Vec<(String, String)>) -> impl IntoView {
    view! {
        <ul aria-label="Log" class="text-sm">
            {log
                .into_iter()
                .map(|(level, message)| {
                    let tone = match level.as_str() {
                        "error" => Tone::Danger,
                        "warn" => Tone::Warning,
                        _ => Tone::Neutral,
                    };
                    view! { <li class="break"><Badge tone>{level}</Badge> " " <span class="mono">{message}</span></li> }
                })
                .collect_view()}
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::made;

    #[test]
    fn only_places_on_the_web_are_linked() {
        let made = |url: &str| made(&format!("{{\"url\": \"{url}\"}}"));
        let request = "/repositories/a/change-requests/1";
        assert_eq!(made(request).as_deref(), Some(request));
        assert!(made("https://example.com/1").is_some());
        for url in ["javascript:x", "//example.com", "data:x", ""] {
            assert_eq!(made(url), None, "{url}");
        }
    }
}
