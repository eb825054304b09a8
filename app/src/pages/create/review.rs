//! The last look at a form: everything that was entered, a dry run, and the button.

use leptos::prelude::*;
use serde_json::Value;

use super::{dry_run::DryRunPanel, form::Wizard};
use crate::components::{
    Alert, Button, ButtonKind, Card, Icon, KeyValue, KeyValueList, Toaster, Tone,
};
use crate::data::templates::StartedView;
use crate::{paths, platform};

pub(super) fn review(wizard: Wizard) -> impl IntoView {
    let (values, secrets) = untrack(|| wizard.values());
    let (template, create, back) = wizard.view.with_value(|view| {
        (
            view.entity_ref.clone(),
            view.create.clone(),
            view.back.clone(),
        )
    });
    let (may_run, may_dry_run) = wizard
        .view
        .with_value(|view| (view.may_run, view.may_dry_run));
    let names = wizard.view.with_value(|view| {
        let pages = view.pages.iter();
        let titles = pages.flat_map(|page| titles(&page.schema));
        titles.collect::<Vec<_>>()
    });
    let mut shared = values.clone();
    if let (Value::Object(shared), Some(secrets)) = (&mut shared, secrets.as_object()) {
        shared.retain(|name, _| !secrets.contains_key(name));
    }
    let link = paths::template_again(&template, &shared);
    let rows = values
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let label = names.iter().find(|(own, _)| own == name);
            let label = label.map_or_else(|| name.clone(), |(_, title)| title.clone());
            let secret = secrets.get(name).is_some();
            let text = if secret {
                "••••••".to_owned()
            } else {
                shown(value)
            };
            let long = text.len() > 60;
            view! { <KeyValue label wide=long><span class="review-value">{text}</span></KeyValue> }
        });
    let rows = rows.collect_view();
    let toaster = use_context::<Toaster>();
    let link = StoredValue::new(link);
    let copy = move |_| {
        let origin = window().location().origin().unwrap_or_default();
        platform::copy(&format!("{origin}{}", link.get_value()));
        if let Some(toaster) = toaster {
            toaster.show(Tone::Success, "Copied");
        }
    };
    let actions = move || {
        view! {
            <Button kind=ButtonKind::Ghost small=true icon=Icon::Link on:click=copy>"Copy link"</Button>
        }
    };
    view! {
        <Card title="Review" actions>
            <div class="stack">
                <KeyValueList>{rows}</KeyValueList>
                <div aria-live="polite">
                    {move || wizard.refused.get().map(|refused| match refused {
                        Ok(StartedView { problems, .. }) => view! {
                            <Alert tone=Tone::Danger title="The values were refused">
                                <ul class="list-disc pl-4">
                                    {problems
                                        .into_iter()
                                        .map(|(field, text)| view! { <li><span class="mono">{field}</span> ": " {text}</li> })
                                        .collect_view()}
                                </ul>
                            </Alert>
                        }
                        .into_any(),
                        Err(error) => view! {
                            <Alert tone=Tone::Danger title="It was not started">{error.message}</Alert>
                        }
                        .into_any(),
                    })}
                </div>
                <div class="flex flex-wrap justify-end gap-2">
                    <Button on:click=move |_| wizard.back()>{back}</Button>
                    {may_run.then(|| view! {
                        <Button
                            kind=ButtonKind::Primary
                            icon=Icon::Sparkles
                            loading=wizard.busy
                            on:click=move |_| wizard.start()
                        >
                            {create}
                        </Button>
                    })}
                </div>
            </div>
        </Card>
        {may_dry_run.then(|| view! { <DryRunPanel template values secrets/> })}
    }
}

/// Name and title of each field that a schema names, wherever conditions put it.
fn titles(schema: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    match schema {
        Value::Object(schema) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                if let Some(title) = property.get("title").and_then(Value::as_str) {
                    found.push((name.clone(), title.to_owned()));
                }
            }
            found.extend(schema.values().flat_map(titles));
        }
        Value::Array(all) => found.extend(all.iter().flat_map(titles)),
        _ => {}
    }
    found
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        Value::Array(all) if all.iter().all(|it| !it.is_object() && !it.is_array()) => {
            all.iter().map(shown).collect::<Vec<_>>().join(", ")
        }
        value @ (Value::Array(_) | Value::Object(_)) => {
            serde_json::to_string_pretty(value).unwrap_or_default()
        }
        value => value.to_string(),
    }
}
