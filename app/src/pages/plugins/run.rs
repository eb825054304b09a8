//! "Try it": one call of the active version, with what it returned, used and logged.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{
    Alert, Badge, Button, ButtonKind, Card, CodeBlock, FormField, Icon, Input, Switch, Textarea,
    Tone,
};
use crate::data::UiError;
use crate::data::plugins::{RunView, run_plugin};

/// The console of a plugin that runs.
pub(super) fn run_console(id: String, world: String, example: String) -> impl IntoView {
    let id = StoredValue::new(id);
    let (action, check) = (world == "scaffolder-action", world == "scorecard-check");
    let input = RwSignal::new(if action { example } else { String::new() });
    let entity = RwSignal::new(String::new());
    let dry_run = RwSignal::new(true);
    let busy = RwSignal::new(false);
    let answer = RwSignal::new(None::<Result<RunView, UiError>>);
    let run = move |_| {
        busy.set(true);
        let (input, entity) = (input.get_untracked(), entity.get_untracked());
        let dry_run = dry_run.get_untracked();
        spawn_local(async move {
            answer.set(Some(
                run_plugin(id.get_value(), input, entity, dry_run).await,
            ));
            busy.set(false);
        });
    };
    view! {
        <Card title="Try it">
            <div class="stack">
                {action.then(|| view! {
                    <FormField id="run-input" label="Input" help="JSON, valid against the schema of the action." required=true>
                        <Textarea
                            name="input"
                            value=input
                            rows=8
                            mono=true
                            on:input=move |event| input.set(event_target_value(&event))
                        />
                    </FormField>
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
                <Switch label="Dry run: record effects, change nothing" on=dry_run/>
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

fn result(run: RunView) -> impl IntoView {
    view! {
        <p class="note">{run.usage}</p>
        {run.error.map(|error| view! {
            <Alert tone=Tone::Danger title="It failed">{error}</Alert>
        })}
        {run.output.map(|output| view! { <CodeBlock label="Output" text=output/> })}
        {run.effects.map(|effects| view! {
            <CodeBlock label="What it would have done" text=effects/>
        })}
        {(!run.log.is_empty()).then(|| view! {
            <ul aria-label="Log" class="text-sm">
                {run
                    .log
                    .into_iter()
                    .map(|(level, message)| {
                        let tone = match level.as_str() {
                            "error" => Tone::Danger,
                            "warn" => Tone::Warning,
                            _ => Tone::Neutral,
                        };
                        view! { <li><Badge tone>{level}</Badge> " " <span class="mono">{message}</span></li> }
                    })
                    .collect_view()}
            </ul>
        })}
    }
}
