//! The form of a draft as it will look, and a dry run with what is filled in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value};

use super::super::{dry_run::answered, form::gathered};
use crate::components::{Answers, Button, Card, FormState, Icon, Remount, SchemaForm};
use crate::data::UiError;
use crate::data::drafts::{DraftCheckView, dry_run_draft};
use crate::data::tasks::DryRunView;
use crate::data::templates::FormPageView;

/// The form, and the dry run.
#[component]
pub(super) fn Preview(
    /// What is written.
    text: RwSignal<String>,
    /// What is to be said about it.
    check: RwSignal<DraftCheckView>,
    /// The template that it is made from.
    beside: Option<String>,
) -> impl IntoView {
    let forms = StoredValue::new(Vec::<FormState>::new());
    // The last form that there was stays while the text is none in between.
    let pages = Memo::new(move |before: Option<&Vec<FormPageView>>| {
        let now = check.with(|check| check.pages.clone());
        now.or_else(|| before.cloned()).unwrap_or_default()
    });
    provide_context(Answers(Signal::derive(move || values(&forms.get_value()))));
    let remount = Remount::new();
    let drawn = move || {
        let pages = pages.get();
        let values = untrack(|| values(&forms.get_value()));
        let made: Vec<FormState> = pages
            .iter()
            .enumerate()
            .map(|(at, page)| FormState::new(format!("preview-{at}"), &page.schema, &values))
            .collect();
        forms.set_value(made.clone());
        remount.draw(move || {
            let shown = pages.into_iter().zip(made).map(|(page, form)| {
                let label = page.title.clone();
                view! {
                    <section class="stack-sm">
                        <h3 class="section-title">{page.title}</h3>
                        <SchemaForm form label/>
                    </section>
                }
            });
            shown.collect_view().into_any()
        })
    };
    let beside = StoredValue::new(beside);
    let busy = RwSignal::new(false);
    let answer = RwSignal::new(None::<Result<DryRunView, UiError>>);
    let run = move |_| {
        busy.set(true);
        let states = forms.get_value();
        let (values, secrets) = untrack(|| gathered(&states));
        spawn_local(async move {
            let text = text.get_untracked();
            answer.set(Some(
                dry_run_draft(text, beside.get_value(), values, secrets).await,
            ));
            busy.set(false);
        });
    };
    view! {
        <Card title="Form">
            <div class="stack">
                {drawn}
                {move || pages.with(Vec::is_empty).then(|| view! {
                    <p class="note">"A template without parameters begins at once."</p>
                })}
            </div>
        </Card>
        <Card title="Dry run">
            <div class="stack">
                <div>
                    <Button icon=Icon::Eye loading=busy on:click=run>"Dry run"</Button>
                </div>
                {answered(answer)}
            </div>
        </Card>
    }
}

/// The values of all pages.
fn values(forms: &[FormState]) -> Value {
    let mut all = Map::new();
    for form in forms {
        if let Value::Object(page) = form.value() {
            all.extend(page);
        }
    }
    Value::Object(all)
}
