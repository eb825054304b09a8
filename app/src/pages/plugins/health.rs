//! How a plugin is doing, kept current while somebody looks.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::ago::ago;
use super::run::log_lines;
use crate::components::{Alert, Badge, Card, KeyValue, KeyValueList, Tone};
use crate::data::plugins::health::{ErrorView, HealthView, load_health};

const EVERY: Duration = Duration::from_secs(3);

/// The figures and the last errors of a plugin that runs.
pub(super) fn health_card(id: String, health: RwSignal<HealthView>) -> impl IntoView {
    // In the browser only, and only while somebody can see it.
    Effect::new(move || {
        let id = id.clone();
        let look = move || {
            if document().hidden() {
                return;
            }
            look_again(id.clone(), health);
        };
        if let Ok(timer) = set_interval_with_handle(look, EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
    view! {
        <Card title="How it is doing on this replica">
            <div class="stack">
                {move || {
                    let stopped = health.with(|it| it.stopped.clone());
                    stopped.map(|why| view! {
                        <Alert tone=Tone::Danger title="It is stopped after repeated faults">{why}</Alert>
                    })
                }}
                {move || {
                    let figures = health.with(|it| it.figures.clone());
                    view! {
                        <KeyValueList>
                            {figures
                                .into_iter()
                                .map(|(name, figure)| view! {
                                    <KeyValue label=name><span class="tabular">{figure}</span></KeyValue>
                                })
                                .collect_view()}
                        </KeyValueList>
                    }
                }}
                {errors(health)}
            </div>
        </Card>
    }
}

/// Brings the figures up to date.
pub(super) fn look_again(id: String, health: RwSignal<HealthView>) {
    spawn_local(async move {
        // It may have been stopped meanwhile; the last figures are as good as any.
        if let Ok(Some(newer)) = load_health(id).await {
            health.try_set(newer);
        }
    });
}

/// Drawn anew only when there is another error, so that an open log stays open.
fn errors(health: RwSignal<HealthView>) -> impl IntoView {
    let errors = Memo::new(move |_| health.with(|it| it.errors.clone()));
    move || {
        let errors = errors.get();
        let now = health.with_untracked(|it| it.now);
        (!errors.is_empty()).then(|| view! {
            <ul class="stack" aria-label="Last errors">
                {errors.into_iter().map(|it| view! { <li>{error(it, now)}</li> }).collect_view()}
            </ul>
        })
    }
}

fn error(it: ErrorView, now: i64) -> impl IntoView {
    let (tone, label) = match it.fault {
        true => (Tone::Danger, "fault"),
        false => (Tone::Warning, "error"),
    };
    let lines = it.log.len();
    view! {
        <p class="break text-sm">
            <Badge tone>{label}</Badge>
            " "
            <span class="text-muted">{ago(it.at, now)}</span>
            " "
            {it.message}
        </p>
        {(lines > 0).then(|| view! {
            <details class="fold mt-1 text-sm">
                <summary class="disclosure">"The end of its log"</summary>
                {log_lines(it.log)}
            </details>
        })}
    }
}
