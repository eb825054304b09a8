//! One plugin: what it does, what it may touch, how it is doing, and its versions.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use super::super::load::loaded;
use super::health::{health_card, look_again};
use super::run::{Console, run_console};
use super::version::{Shown, version_card};
use super::{warnings, world};
use crate::components::{
    Button, ButtonKind, Card, KeyValue, KeyValueList, PageHeader, Toaster, Tone,
};
use crate::data::plugins::{PluginView, change_plugin, load_plugin};

/// The page of one plugin.
#[component]
pub fn PluginPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let again = RwSignal::new(0_u32);
    let data = Resource::new_blocking(move || (id.get(), again.get()), |(id, _)| load_plugin(id));
    let reload = Callback::new(move |()| again.update(|count| *count += 1));
    view! { {loaded(data, move |view: PluginView| content(view, reload))} }
}

fn content(view: PluginView, reload: Callback<()>) -> AnyView {
    let PluginView {
        card,
        docs,
        capabilities,
        versions,
        health,
        can_roll_back,
        pinned,
        rights,
        input,
        examples,
        limits_form,
        now,
    } = view;
    let id = StoredValue::new(card.id.clone());
    let health = health.map(RwSignal::new);
    // Faults can stop it while somebody looks.
    // The page may be drawn anew at that moment.
    let stopped = move || {
        let stopped = health.and_then(|health| health.try_with(|it| it.stopped.is_some()));
        stopped.unwrap_or_default()
    };
    let changes = changes(&card, can_roll_back, pinned);
    let actions = move || {
        rights.manage.then(|| {
            let run_again = move || {
                stopped().then(|| view! {
                    <ChangeButton id change="restore" label="Run again" kind=ButtonKind::Secondary reload/>
                })
            };
            let buttons = changes.clone().into_iter();
            let buttons = buttons
                .map(|(change, label, kind)| {
                    view! { <ChangeButton id change label kind reload/> }
                })
                .collect_view();
            view! { {run_again} {buttons} }
        })
    };
    let runs = card.active.is_some() && !card.disabled;
    let console = (runs && rights.run).then(|| {
        run_console(Console {
            id: id.get_value(),
            world: card.world.clone(),
            input,
            examples,
            effects: rights.effects,
            ran: Callback::new(move |()| {
                if let Some((id, health)) = id.try_get_value().zip(health) {
                    look_again(id, health);
                }
            }),
        })
    });
    let health = health.map(|health| health_card(id.get_value(), health));
    let shown = Shown {
        id: id.get_value(),
        several: versions.len() > 1,
        limits_form,
        now,
        reload,
    };
    let count = versions.len() as u64;
    view! {
        <PageHeader title=card.title.clone() description=card.description.clone() actions/>
        <div class="stack">
            {warnings(&card)}
            <Card title="About">
                <KeyValueList>
                    <KeyValue label="Id"><span class="mono">{card.id.clone()}</span></KeyValue>
                    <KeyValue label="Publisher">{card.publisher}</KeyValue>
                    <KeyValue label="Kind">{world(&card.world)}</KeyValue>
                    <KeyValue label="Runs">
                        {card.active.unwrap_or_else(|| "no version".to_owned())}
                    </KeyValue>
                </KeyValueList>
                {(!docs.is_empty()).then(|| view! {
                    <div class="markdown mt-4" inner_html=docs></div>
                })}
            </Card>
            <Card title="What it may touch" count=capabilities.len() as u64>
                <KeyValueList>
                    {capabilities
                        .into_iter()
                        .map(|(name, reason)| view! {
                            <KeyValue label=name wide=true>{reason}</KeyValue>
                        })
                        .collect_view()}
                </KeyValueList>
            </Card>
            {health}
            {console}
            <Card title="Versions" count>
                <div class="stack">
                    {versions
                        .into_iter()
                        .map(|version| version_card(version, &shown))
                        .collect_view()}
                </div>
            </Card>
        </div>
    }
    .into_any()
}

type Change = (&'static str, &'static str, ButtonKind);

fn changes(
    card: &crate::data::plugins::PluginCard,
    can_roll_back: bool,
    pinned: bool,
) -> Vec<Change> {
    let runs = card.active.is_some() && !card.disabled;
    let offered = [
        (
            can_roll_back,
            ("roll-back", "Roll back", ButtonKind::Secondary),
        ),
        (
            runs && !pinned,
            ("pin", "Pin version", ButtonKind::Secondary),
        ),
        (pinned, ("unpin", "Unpin", ButtonKind::Secondary)),
        (card.disabled, ("enable", "Enable", ButtonKind::Secondary)),
        (runs, ("disable", "Stop", ButtonKind::Danger)),
    ];
    let offered = offered.into_iter().filter(|(offer, _)| *offer);
    offered.map(|(_, change)| change).collect()
}

#[component]
fn ChangeButton(
    id: StoredValue<String>,
    change: &'static str,
    label: &'static str,
    kind: ButtonKind,
    reload: Callback<()>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let click = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = change_plugin(id.get_value(), change.to_owned()).await;
            // The button may be gone by now: what it offers has been done.
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    reload.try_run(());
                }
                Err(error) => {
                    if let Some(toaster) = toaster {
                        toaster.show(Tone::Danger, error.message);
                    }
                }
            }
        });
    };
    view! { <Button kind loading=busy on:click=click>{label}</Button> }
}
