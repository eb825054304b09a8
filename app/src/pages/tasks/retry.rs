//! Having a task try again. Its secrets are gone, so those that it needs are asked for.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value};

use crate::components::{Button, ButtonKind, Dialog, FormField, Icon, Input, Toaster, Tone};
use crate::data::tasks::{SecretView, TaskView, load_task, retry_task};

/// The button, and the questions before it when there are any.
pub(super) fn retry(task: RwSignal<TaskView>, watched: RwSignal<u32>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let id = move || task.with_untracked(|task| task.row.id.clone());
    let start = move |secrets: Map<String, Value>| {
        busy.set(true);
        spawn_local(async move {
            match retry_task(id(), Value::Object(secrets)).await {
                Ok(()) => {
                    asking.try_set(false);
                    if let Some(toaster) = toaster {
                        let text = "The task goes on from the step that failed";
                        toaster.show(Tone::Success, text);
                    }
                    if let Ok(now) = load_task(id(), 0).await {
                        task.try_set(now);
                        watched.try_update(|count| *count += 1);
                    }
                }
                Err(error) => {
                    if let Some(toaster) = toaster {
                        toaster.show(Tone::Danger, error.message);
                    }
                }
            }
            busy.try_set(false);
        });
    };
    let secrets = task.with_untracked(|task| task.secrets.clone());
    let needs_none = secrets.is_empty();
    let press = move |_| match needs_none {
        true => start(Map::new()),
        false => asking.set(true),
    };
    let may_retry = Memo::new(move |_| task.with(|task| task.may_retry));
    view! {
        {move || may_retry.get().then(|| view! {
            <Button kind=ButtonKind::Primary icon=Icon::RefreshCw loading=busy on:click=press>"Try again"</Button>
        })}
        {(!needs_none).then(|| questions(secrets, asking, busy, Callback::new(start)))}
    }
}

/// A form of secrets. What is typed is gone when the dialog closes.
fn questions(
    secrets: Vec<SecretView>,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    start: Callback<Map<String, Value>>,
) -> impl IntoView {
    let fields: Vec<(SecretView, RwSignal<String>)> = secrets
        .into_iter()
        .map(|secret| (secret, RwSignal::new(String::new())))
        .collect();
    let values: Vec<RwSignal<String>> = fields.iter().map(|(_, value)| *value).collect();
    let all = StoredValue::new(fields.clone());
    Effect::new(move || {
        if !open.get() {
            for value in &values {
                value.set(String::new());
            }
        }
    });
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let given = all.with_value(|fields| {
            let given = fields
                .iter()
                .map(|(secret, value)| (secret.name.clone(), value.get_untracked()));
            let given = given.filter(|(_, value)| !value.is_empty());
            given
                .map(|(name, value)| (name, Value::String(value)))
                .collect()
        });
        start.run(given);
    };
    let inputs = fields.into_iter().map(|(secret, value)| {
        view! {
            <FormField
                id=format!("retry-secret-{}", secret.name)
                label=secret.title
                required=secret.required
            >
                <Input
                    name=secret.name
                    r#type="password"
                    value=value
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </FormField>
        }
    });
    let inputs = inputs.collect_view();
    view! {
        <Dialog id="retry-task" title="Try again" open>
            <form class="stack" on:submit=send>
                <p>"What this task was told in secret is not kept after its end. Enter it again."</p>
                {inputs}
                <div class="flex flex-wrap gap-2">
                    <Button kind=ButtonKind::Primary r#type="submit" loading=busy>"Try again"</Button>
                    <Button on:click=move |_| open.set(false)>"Cancel"</Button>
                </div>
            </form>
        </Dialog>
    }
}
