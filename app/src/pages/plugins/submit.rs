//! Handing in a plugin: drop the file, read what inspection says.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use super::super::load::loaded;
use super::report::findings;
use crate::components::{
    Alert, Button, ButtonKind, ButtonLink, Card, FileDrop, FormField, Input, PageHeader, Progress,
    Tone,
};
use crate::data::plugins::submit::{
    Accepted, ReportView, SUBMISSIONS, SubmitView, Submitted, by_reference, load_submit, too_large,
};
use crate::{paths, platform};

/// The page where a plugin is handed in.
#[component]
pub fn SubmitPluginPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_submit());
    view! {
        <PageHeader
            title="Submit a plugin"
            description="The file is read and tried in the sandbox at once. The platform team decides \
                         what it may touch before anything of it runs for others."
        />
        {loaded(data, |view: SubmitView| content(view))}
    }
}

fn content(view: SubmitView) -> AnyView {
    let limit = view.limit;
    let file = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let answer = RwSignal::new(None::<Submitted>);
    let hand_in = move |chosen: File| {
        file.set(chosen.name());
        answer.set(None);
        if let Some(problem) = too_large(chosen.size() as u64, limit) {
            return answer.set(Some(Submitted::Failed(problem)));
        }
        busy.set(true);
        spawn_local(async move {
            let said = platform::send_file(SUBMISSIONS, "application/wasm", &chosen).await;
            answer.try_set(Some(Submitted::read(said)));
            busy.try_set(false);
        });
    };
    let registries = view.registries;
    let fetch = move |reference: String| {
        file.set(reference.clone());
        answer.set(None);
        busy.set(true);
        spawn_local(async move {
            let said = platform::send_json(SUBMISSIONS, &by_reference(&reference)).await;
            answer.try_set(Some(Submitted::read(said)));
            busy.try_set(false);
        });
    };
    let help = format!(
        "What \"portico plugin build\" makes: one .wasm file of {} MB at most.",
        limit / 1_000_000
    );
    view! {
        <div class="stack">
            <FileDrop
                id="plugin-file"
                label="Drop a file here, or choose one"
                help
                accept=".wasm,application/wasm"
                disabled=busy
                on_file=hand_in
            />
            {(!registries.is_empty()).then(|| from_registry(&registries, busy, fetch))}
            <noscript>
                <p class="note">"Without JavaScript, use \"portico plugin submit\"."</p>
            </noscript>
            <div aria-live="polite" class="stack">
                {move || busy.get().then(|| view! {
                    <Progress
                        label=format!("Reading and trying {}", file.get_untracked())
                        value=Signal::stored(None)
                    />
                })}
                {move || answer.get().map(|answer| shown(&file.get_untracked(), answer))}
            </div>
        </div>
    }
    .into_any()
}

/// The other way: the portal fetches it.
fn from_registry(
    registries: &[String],
    busy: RwSignal<bool>,
    fetch: impl Fn(String) + Copy + 'static,
) -> impl IntoView {
    let reference = RwSignal::new(String::new());
    let error = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = reference.get_untracked();
        if text.trim().is_empty() {
            return error.set("Write what \"portico plugin push\" printed.".to_owned());
        }
        error.set(String::new());
        fetch(text.trim().to_owned());
    };
    let help = format!(
        "What \"portico plugin push\" prints, with its digest. Registries: {}.",
        registries.join(", ")
    );
    view! {
        <form class="stack" novalidate on:submit=submit>
            <FormField id="plugin-reference" label="Or a reference to a registry" help error required=true>
                <Input
                    name="reference"
                    value=reference
                    mono=true
                    placeholder="registry.example.com/plugins/orders:1.2.0@sha256:…"
                    on:input=move |event| reference.set(event_target_value(&event))
                />
            </FormField>
            <div>
                <Button r#type="submit" loading=busy>"Fetch and submit"</Button>
            </div>
        </form>
    }
}

fn shown(file: &str, answer: Submitted) -> AnyView {
    match answer {
        Submitted::Accepted(it) => accepted(it).into_any(),
        Submitted::Refused(report) => view! {
            <Alert tone=Tone::Danger title=format!("{file} cannot be a plugin here")>
                "Nothing was kept. What is wrong is in the report."
            </Alert>
            {report_card(report)}
        }
        .into_any(),
        Submitted::Failed(why) => view! {
            <Alert tone=Tone::Danger title=format!("{file} was not handed in")>{why}</Alert>
        }
        .into_any(),
    }
}

fn accepted(it: Accepted) -> impl IntoView {
    let href = paths::plugin(&it.plugin);
    view! {
        <Alert tone=Tone::Success title=format!("{} {} waits for review", it.plugin, it.version)>
            "The platform team sees it under \"Waiting for review\"."
        </Alert>
        {report_card(it.report)}
        <div>
            <ButtonLink href kind=ButtonKind::Primary>"Open its page"</ButtonLink>
        </div>
    }
}

fn report_card(report: ReportView) -> impl IntoView {
    let facts = format!("{} kB, ", report.size / 1000);
    let none = report.findings.is_empty();
    let list = report.findings.into_iter();
    let list = list.map(|it| (it.severity, it.message, it.help)).collect();
    view! {
        <Card title="Report">
            <div class="stack">
                <p class="note break">{facts} <span class="mono">{report.digest}</span></p>
                {none.then(|| view! { <p>"Nothing to remark."</p> })}
                {findings(list)}
            </div>
        </Card>
    }
}
