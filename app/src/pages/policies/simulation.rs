//! What a text would change.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Alert, Button, Card, Icon, Remount, StatusDot, Tone};
use crate::data::policies::{SimulationView, simulate_policies};

/// Tries the text on the decisions of the past.
#[component]
pub(super) fn Simulation(
    text: RwSignal<String>,
    #[prop(into)] blocked: Signal<bool>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let found = RwSignal::new(None::<Result<SimulationView, String>>);
    let remount = Remount::new();
    let run = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = simulate_policies(text.get_untracked()).await;
            busy.set(false);
            found.set(Some(answer.map_err(|error| error.message)));
        });
    };
    view! {
        <Card title="Try it on the past">
            <div class="stack">
                <p class="note">"Asks the last 1,000 decisions of the audit log again. Nothing changes."</p>
                <div>
                    <Button icon=Icon::Activity loading=busy disabled=blocked on:click=run>"Simulate"</Button>
                </div>
                <div aria-live="polite">
                    {move || found.get().map(|found| remount.draw(|| match found {
                        Ok(view) => result(view),
                        Err(message) => {
                            view! { <Alert tone=Tone::Danger title=message/> }.into_any()
                        }
                    }))}
                </div>
            </div>
        </Card>
    }
}

fn result(view: SimulationView) -> AnyView {
    let gone = (view.gone > 0).then(|| format!(" {} were about what is gone.", view.gone));
    let summary = match (view.changes.len(), view.visibility.len()) {
        _ if view.asked == 0 => "No decision has been audited yet.".to_owned(),
        (0, 0) => format!("{} decisions would be the same.", view.asked),
        (changes, _) => format!(
            "{} decisions were asked again; {changes} would be decided otherwise.",
            view.asked
        ),
    };
    let changes = view.changes.into_iter().map(|change| {
        let (tone, label) = match change.allowed {
            true => (Tone::Success, "would be allowed"),
            false => (Tone::Danger, "would be denied"),
        };
        let times = (change.times > 1).then(|| format!(" ({} times)", change.times));
        view! {
            <li class="stack-sm">
                <StatusDot tone label/>
                <span class="mono text-sm break">
                    {change.principal} " " {change.action} " " {change.resource} {times}
                </span>
                <span class="note">{change.reason}</span>
            </li>
        }
    });
    let visibility = view.visibility.into_iter().map(|(who, before, after)| {
        view! {
            <li>
                <span class="mono text-sm break">{who}</span>
                <span class="note">{format!(" would see {after} entities instead of {before}")}</span>
            </li>
        }
    });
    view! {
        <div class="stack">
            <p>{summary} {gone}</p>
            <ul class="stack-sm">{changes.collect_view()}</ul>
            <ul class="stack-sm">{visibility.collect_view()}</ul>
        </div>
    }
    .into_any()
}
