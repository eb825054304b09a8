//! Two versions of a plugin side by side.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::super::load::loaded;
use crate::components::{Badge, Choice, FormField, PageHeader, Select, Switch, Tone};
use crate::data::plugins::compare::{CompareRow, CompareView, compare_plugin};
use crate::paths;

/// The page that compares two versions; which is a part of the URL.
#[component]
pub fn PluginComparePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let of = move |name: &'static str| query.read().get(name);
    let asked = Memo::new(move |_| (id.get(), of("before"), of("after")));
    let data = Resource::new_blocking(
        move || asked.get(),
        |(id, before, after)| compare_plugin(id, before, after),
    );
    view! { {loaded(data, move |view: CompareView| content(&id.get_untracked(), view))} }
}

fn content(id: &str, view: CompareView) -> AnyView {
    let all = RwSignal::new(false);
    let rows = StoredValue::new(view.rows);
    let shown = move || {
        let rows = rows.get_value().into_iter();
        rows.filter(|row| all.get() || row.change != "same")
            .collect::<Vec<_>>()
    };
    let title = format!("Versions of {}", view.title);
    let names = [&view.before, &view.after].map(|digest| {
        let found = view.versions.iter().find(|(it, _)| it == digest);
        found.map(|(_, label)| label.clone()).unwrap_or_default()
    });
    let [before, after] = names;
    view! {
        <PageHeader title description="What the second may do beyond the first, and what else is different."/>
        <div class="stack">
            <div class="grid gap-4 sm:grid-cols-2">
                {version_choice(id, "before", "First", &view.versions, &view.before, &view.after)}
                {version_choice(id, "after", "Second", &view.versions, &view.before, &view.after)}
            </div>
            <Switch label="Show what is the same, too" on=all/>
            {move || shown().is_empty().then(|| view! { <p>"They are the same."</p> })}
            <ul class="stack">
                {move || {
                    let names = (before.clone(), after.clone());
                    let rows = shown().into_iter();
                    rows.map(|row| compared(row, &names)).collect_view()
                }}
            </ul>
        </div>
    }
    .into_any()
}

/// Chooses one of the two; the other stays.
fn version_choice(
    id: &str,
    name: &'static str,
    label: &'static str,
    versions: &[(String, String)],
    before: &str,
    after: &str,
) -> impl IntoView + use<> {
    let navigate = use_navigate();
    let choices = versions
        .iter()
        .map(|(digest, label)| Choice::new(digest, label))
        .collect();
    let value = if name == "before" { before } else { after }.to_owned();
    let (id, before, after) = (id.to_owned(), before.to_owned(), after.to_owned());
    let pick = move |digest: String| {
        let (before, after) = match name {
            "before" => (&digest, &after),
            _ => (&before, &digest),
        };
        navigate(
            &paths::plugin_versions(&id, before, after),
            NavigateOptions::default(),
        );
    };
    view! {
        <FormField id=format!("version-{name}") label required=true>
            <Select name choices value on:change=move |event| pick(event_target_value(&event))/>
        </FormField>
    }
}

fn compared(row: CompareRow, (before, after): &(String, String)) -> impl IntoView + use<> {
    let (tone, said) = match row.change.as_str() {
        "wider" => (Tone::Warning, "more than before"),
        "narrower" => (Tone::Success, "less than before"),
        "changed" => (Tone::Info, "different"),
        _ => (Tone::Neutral, "the same"),
    };
    let side = |label: &str, text: String| {
        view! {
            <div class="compare-side">
                <p class="note text-xs">{label.to_owned()}</p>
                <p class="compare-text">{if text.is_empty() { "—".to_owned() } else { text }}</p>
            </div>
        }
    };
    view! {
        <li class="card">
            <div class="card-header">
                <h2 class="card-title">{row.what}</h2>
                <Badge tone>{said}</Badge>
            </div>
            <div class="compare">{side(before, row.before)} {side(after, row.after)}</div>
        </li>
    }
}
