//! Writing policies: checked as they are typed, tried on the past, then put in force.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::super::draft_text::{check_as_typed, line_problems};
use super::super::load::loaded;
use super::simulation::Simulation;
use crate::components::{
    Alert, Badge, Button, ButtonKind, Card, ConfirmDialog, FormField, Icon, Textarea, Toaster, Tone,
};
use crate::data::policies::{
    PoliciesView, PolicyCheck, PolicyRow, check_policies, load_policies, put_policies,
};
use crate::paths;

/// The `id` of the text.
const TEXT: &str = "policy-text";

#[component]
pub(super) fn Edit() -> impl IntoView {
    let query = use_query_map();
    let from = Memo::new(move |_| {
        query
            .read()
            .get("from")
            .and_then(|it| it.parse::<i64>().ok())
    });
    let again = RwSignal::new(0_u32);
    let data = Resource::new_blocking(
        move || (from.get(), again.get()),
        |(from, _)| load_policies(from),
    );
    loaded(data, move |view| content(view, again))
}

fn content(view: PoliciesView, again: RwSignal<u32>) -> AnyView {
    let text = RwSignal::new(view.text.clone());
    let check = RwSignal::new(PolicyCheck::default());
    let base = view.number;
    check_as_typed(text, check, move |text| check_policies(base, text));
    let wrong = Signal::derive(move || check.with(|check| !check.problems.is_empty()));
    let unchanged = Signal::derive(move || check.with(|check| check.diff.is_empty()));
    let heading = match view.number {
        0 => "In force: Portico's defaults".to_owned(),
        number => format!("In force: version {number}"),
    };
    let restored = (view.of != view.number).then(|| {
        let title = format!("This is the text of version {}", view.of);
        view! {
            <Alert tone=Tone::Info title>
                "It is not in force. Put it in force to go back to it."
            </Alert>
        }
    });
    let broken = view.broken.clone().map(|problem| {
        view! {
            <Alert tone=Tone::Danger title="Policies cannot be put in force as they are">
                <p class="break">{problem}</p>
            </Alert>
        }
    });
    let readonly = !view.may_change;
    view! {
        <div class="stack">
            {broken}
            {restored}
            <div class="edit-columns">
                <div class="stack">
                    <div class="template-editor">
                        <textarea
                            id=TEXT
                            class="input mono"
                            aria-label="Policies"
                            rows="30"
                            spellcheck="false"
                            autocomplete="off"
                            wrap="off"
                            readonly=readonly
                            prop:value=move || text.get()
                            on:input=move |event| text.set(event_target_value(&event))
                        >
                            {view.text.clone()}
                        </textarea>
                    </div>
                    {move || check.with(|check| line_problems(TEXT, &check.problems, "They are valid."))}
                </div>
                <div class="stack">
                    {(!readonly).then(|| view! { <PutInForce base text blocked=Signal::derive(move || wrong.get() || unchanged.get()) again/> })}
                    {move || check.with(difference)}
                    <Simulation text blocked=wrong/>
                    {in_force(heading, view.policies)}
                    {files(view.files)}
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn difference(check: &PolicyCheck) -> Option<impl IntoView + use<>> {
    if check.diff.is_empty() {
        return None;
    }
    let lines = check.diff.iter().map(|(change, line)| {
        let mark = match change.as_str() {
            "added" => "+",
            "removed" => "−",
            _ => "",
        };
        view! {
            <tr data-line=change.clone()>
                <td class="diff-mark">{mark}</td>
                <td class="diff-text">{line.clone()}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    Some(view! {
        <Card title="Changes" flush=true>
            <table class="diff-table">
                <caption class="sr-only">"What changes"</caption>
                <thead class="sr-only">
                    <tr><th scope="col">"Change"</th><th scope="col">"Text"</th></tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </Card>
    })
}

fn in_force(heading: String, policies: Vec<PolicyRow>) -> impl IntoView {
    let count = policies.len() as u64;
    let rows = policies.into_iter().map(|policy| {
        view! {
            <li class="stack-sm">
                <span>
                    {policy.forbids.then(|| view! { <Badge tone=Tone::Danger>"forbid"</Badge> " " })}
                    <span class="mono text-sm break">{policy.id}</span>
                </span>
                <span class="note">{policy.description}</span>
            </li>
        }
    });
    view! {
        <Card title=heading count>
            <ul class="stack-sm">{rows.collect_view()}</ul>
        </Card>
    }
}

/// Files hold beside what is written here.
fn files(files: Vec<(String, String)>) -> impl IntoView {
    files
        .into_iter()
        .map(|(path, text)| {
            view! {
                <Card title="From a file">
                    <p class="mono text-sm break">{path}</p>
                    <pre class="mono text-sm scroll-x">{text}</pre>
                </Card>
            }
        })
        .collect_view()
}

#[component]
fn PutInForce(
    base: i64,
    text: RwSignal<String>,
    #[prop(into)] blocked: Signal<bool>,
    again: RwSignal<u32>,
) -> impl IntoView {
    let note = RwSignal::new(String::new());
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(String::new());
    let toaster = use_context::<Toaster>();
    let navigate = StoredValue::new(use_navigate());
    let put = move |()| {
        busy.set(true);
        spawn_local(async move {
            let answer = put_policies(base, text.get_untracked(), note.get_untracked()).await;
            busy.set(false);
            asking.set(false);
            match answer {
                Ok(number) => {
                    if let Some(toaster) = toaster {
                        toaster.show(Tone::Success, format!("Version {number} is in force"));
                    }
                    navigate.with_value(|go| go(paths::POLICIES, NavigateOptions::default()));
                    again.update(|count| *count += 1);
                }
                Err(error) => failed.set(error.message),
            }
        });
    };
    view! {
        <Card title="Put in force">
            <div class="stack">
                <FormField id="policy-note" label="What changes, and why">
                    <Textarea
                        name="note"
                        rows=2
                        value=note
                        on:input=move |event| note.set(event_target_value(&event))
                    />
                </FormField>
                {move || {
                    let message = failed.get();
                    (!message.is_empty())
                        .then(|| view! { <Alert tone=Tone::Danger title="Not put in force"><p class="break">{message}</p></Alert> })
                }}
                <div>
                    <Button
                        kind=ButtonKind::Primary
                        icon=Icon::Shield
                        disabled=blocked
                        on:click=move |_| {
                            failed.set(String::new());
                            asking.set(true);
                        }
                    >
                        "Put in force"
                    </Button>
                </div>
            </div>
            <ConfirmDialog
                id="put-policies"
                title="Put these policies in force?"
                confirm="Put in force"
                kind=ButtonKind::Primary
                open=asking
                busy
                on_confirm=put
            >
                <p>"They decide about everybody, on every replica, within a second. You can go back to an earlier version at any time."</p>
            </ConfirmDialog>
        </Card>
    }
}
