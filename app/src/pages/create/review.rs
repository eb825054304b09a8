//! The last look at a form: everything that was entered, a dry run, and the button.

use leptos::prelude::*;
use portico_model::form;
use serde_json::Value;

use super::{answer, dry_run::DryRunPanel, form::Wizard};
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
    let fields = wizard.view.with_value(|view| {
        let pages = view.pages.iter();
        let fields = pages.flat_map(|page| form::fields(&page.schema));
        fields.collect::<Vec<_>>()
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
            let field = fields.iter().find(|(own, ..)| own == name);
            let title = field.and_then(|(_, title, _)| title.clone());
            let label = title.unwrap_or_else(|| name.clone());
            let text = match secrets.get(name) {
                Some(_) => RwSignal::new("••••••".to_owned()),
                None => answer::answer(field.map(|(.., schema)| schema), value),
            };
            let long = text.with_untracked(String::len) > 60;
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
