//! The form of a template: page by page, a review, and off it goes.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use portico_model::form::without_secrets;
use serde_json::{Map, Value, json};

use super::{super::load::loaded, draft, review::review};
use crate::components::{
    Alert, Answers, Button, ButtonKind, ButtonLink, Card, FormState, Icon, KnownHosts, OwnerChip,
    PageHeader, Remount, SchemaForm, StepState, Steps, Tone,
};
use crate::data::UiError;
use crate::data::session::{Right, Session};
use crate::data::templates::{
    FormPageView, StartedView, TemplateFormView, load_template_form, start_task,
};
use crate::paths;

/// The form of one template.
#[component]
pub fn TemplateFormPage() -> impl IntoView {
    let params = use_params_map();
    let asked = Memo::new(move |_| {
        let params = params.read();
        let part = |key: &str| params.get(key).unwrap_or_default();
        (part("namespace"), part("name"))
    });
    let data = Resource::new_blocking(
        move || asked.get(),
        |(namespace, name)| load_template_form(namespace, name),
    );
    let query = use_query_map();
    loaded(data, move |view: TemplateFormView| {
        let query = query.read_untracked();
        let prefilled = query.get("formData");
        let prefilled = prefilled.and_then(|text| serde_json::from_str(&text).ok());
        content(view, prefilled, query.get("entity"))
    })
}

/// A form that is filled in. All copies are one.
#[derive(Clone, Copy)]
pub(super) struct Wizard {
    /// What is filled in.
    pub view: StoredValue<TemplateFormView>,
    /// The entity that the task is for.
    entity: StoredValue<Option<String>>,
    /// One form a page.
    forms: StoredValue<Vec<FormState>>,
    /// Which page is shown; one more than there are is the review.
    page: RwSignal<usize>,
    /// The task is being started.
    pub busy: RwSignal<bool>,
    /// Why it was not started.
    pub refused: RwSignal<Option<Result<StartedView, UiError>>>,
}

impl Wizard {
    fn new(view: TemplateFormView, values: &Value, entity: Option<String>) -> Self {
        let forms = view.pages.iter().enumerate();
        let forms = forms.map(|(at, page)| {
            FormState::new(format!("page-{at}"), &page.schema, &own(page, values))
        });
        Self {
            forms: StoredValue::new(forms.collect()),
            view: StoredValue::new(view),
            entity: StoredValue::new(entity),
            page: RwSignal::new(0),
            busy: RwSignal::new(false),
            refused: RwSignal::new(None),
        }
    }

    /// Values and secrets of all pages.
    pub(super) fn values(self) -> (Value, Value) {
        gathered(&self.forms.get_value())
    }

    /// Fills in all pages.
    fn replace(self, values: &Value) {
        self.view.with_value(|view| {
            for (form, page) in self.forms.get_value().into_iter().zip(&view.pages) {
                form.replace(&own(page, values));
            }
        });
    }

    pub(super) fn back(self) {
        self.refused.set(None);
        self.page.update(|page| *page = page.saturating_sub(1));
    }

    fn next(self) {
        let forms = self.forms.get_value();
        let form = forms.get(self.page.get_untracked());
        if form.is_none_or(|form| is_good(*form)) {
            self.page.update(|page| *page += 1);
            // The new page begins where people look.
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    pub(super) fn start(self) {
        let navigate = use_navigate();
        let template = self.view.with_value(|view| view.entity_ref.clone());
        let (values, secrets) = untrack(|| self.values());
        self.busy.set(true);
        spawn_local(async move {
            let entity = self.entity.get_value();
            let started = start_task(template.clone(), values, secrets, entity).await;
            self.busy.set(false);
            match started {
                Ok(StartedView { id: Some(id), .. }) => {
                    draft::forget(&template);
                    navigate(&paths::task(&id), NavigateOptions::default());
                }
                refused => self.refused.set(Some(refused)),
            }
        });
    }
}

/// Of all values those of a page; values of pages that have no fields stay with the first.
/// Values and secrets of pages.
pub(super) fn gathered(forms: &[FormState]) -> (Value, Value) {
    let (mut values, mut secrets) = (Map::new(), Map::new());
    for form in forms {
        let (page, taken) = form.apart();
        if let Value::Object(page) = page {
            values.extend(page);
        }
        secrets.extend(taken);
    }
    (Value::Object(values), Value::Object(secrets))
}

/// Whether a page can be left. What was written as JSON becomes what the fields hold first.
fn is_good(form: FormState) -> bool {
    let Some(value) = form.submit() else {
        return false;
    };
    if form.is_json() {
        form.replace(&value);
        return form.submit().is_some();
    }
    true
}

fn own(page: &FormPageView, values: &Value) -> Value {
    // Conditions bring fields that the schema does not list at its top, so nothing that another
    // page does not claim is taken away.
    let Some(values) = values.as_object() else {
        return json!({});
    };
    let text = page.schema.to_string();
    let named = |name: &String| text.contains(&Value::from(name.as_str()).to_string());
    let own = values.iter().filter(|(name, _)| named(name));
    let own = own.map(|(name, value)| (name.clone(), value.clone()));
    // Of a secret there are only stars, and somebody would send those.
    without_secrets(&page.schema, Value::Object(own.collect()))
}

fn content(view: TemplateFormView, prefilled: Option<Value>, entity: Option<String>) -> AnyView {
    provide_context(KnownHosts(view.hosts.clone()));
    let is_prefilled = prefilled.is_some();
    let wizard = Wizard::new(view.clone(), &prefilled.unwrap_or_default(), entity);
    provide_context(Answers(Signal::derive(move || wizard.values().0)));
    let restored = RwSignal::new(false);
    let template = StoredValue::new(view.entity_ref.clone());
    Effect::new(move || {
        if !is_prefilled && let Some(values) = draft::restore(&template.get_value()) {
            wizard.replace(&values);
            restored.set(true);
        }
    });
    let start_over = move |_| {
        draft::forget(&template.get_value());
        wizard.replace(&json!({}));
        wizard.page.set(0);
        restored.set(false);
    };
    let owner = view.owner.clone();
    let approvers = view.approvers.iter().map(|it| {
        view! { <OwnerChip entity_ref=it.reference() title=it.title.clone()/> }
    });
    let approvers = approvers.collect_view();
    let edit = paths::edit_template(&crate::data::reference(&view.entity_ref));
    let may_write = expect_context::<Session>().may(Right::DryRun);
    let may_run = view.may_run;
    let needs_approval = !view.approvers.is_empty();
    let problem = view.problem.clone();
    let can_run = problem.is_none();
    view! {
        <PageHeader
            title=view.title.clone()
            actions=move || {
                let edit = edit.clone();
                may_write.then(move || view! {
                    <ButtonLink href=edit icon=Icon::Pencil>"Edit template"</ButtonLink>
                })
            }
        />
        <div class="template-about">
            {(!view.description.is_empty()).then(|| view! {
                <div class="markdown note" inner_html=view.description.clone()></div>
            })}
            {owner.map(|owner| view! {
                <p class="note">"Looked after by " <OwnerChip entity_ref=owner.reference() title=owner.title/></p>
            })}
            {needs_approval.then(|| view! { <p class="note">"Begins with the approval of " {approvers}</p> })}
        </div>
        <div class="stack template-form">
            {problem.map(|problem| view! {
                <Alert tone=Tone::Warning title="This template cannot run here">
                    {problem} ". "
                    <a class="link" href=paths::ACTIONS>"See the actions there are"</a>
                </Alert>
            })}
                    {(!may_run && can_run).then(|| view! {
                        <Alert tone=Tone::Info title="You can look at this template, not run it">
                            "The policies of this portal do not let you create tasks with it. Its owner or the \
                             platform team can tell you how to get that permission."
                        </Alert>
                    })}
                    {move || restored.get().then(|| view! {
                        <Alert tone=Tone::Info title="You had begun this form">
                            "What you entered is filled in again; secrets are not. "
                            <Button kind=ButtonKind::Ghost small=true on:click=start_over>"Start over"</Button>
                        </Alert>
                    })}
                    {wizard_pages(wizard, &view)}
        </div>
    }
    .into_any()
}

fn wizard_pages(wizard: Wizard, view: &TemplateFormView) -> impl IntoView + use<> {
    let titles: Vec<String> = view.pages.iter().map(|page| page.title.clone()).collect();
    let count = titles.len();
    let remount = Remount::new();
    let steps = move || {
        let all = titles.iter().map(String::as_str).chain(["Review"]);
        let now = wizard.page.get();
        let state = |at: usize| match at.cmp(&now) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Current,
            std::cmp::Ordering::Greater => StepState::Waiting,
        };
        let steps = all
            .enumerate()
            .map(|(at, title)| (title.to_owned(), state(at)));
        let steps: Vec<_> = steps.collect();
        view! { <Steps steps/> }
    };
    // Secrets are not kept: whoever uses this browser next could read them.
    Effect::new(move |first: Option<()>| {
        let (values, _) = wizard.values();
        if first.is_none() {
            return;
        }
        wizard
            .view
            .with_value(|view| draft::keep(&view.entity_ref, &values));
    });
    view! {
        {steps}
        {move || {
            let at = wizard.page.get();
            remount.draw(|| match at < count {
                true => page(wizard, at, count).into_any(),
                false => review(wizard).into_any(),
            })
        }}
    }
}

fn page(wizard: Wizard, at: usize, count: usize) -> impl IntoView {
    let form = wizard.forms.with_value(|forms| forms.get(at).copied());
    let (title, description, back, review) = wizard.view.with_value(|view| {
        let page = view.pages.get(at).cloned().unwrap_or_default();
        (
            page.title,
            page.description,
            view.back.clone(),
            view.review.clone(),
        )
    });
    let next = if at + 1 == count {
        review
    } else {
        "Next".to_owned()
    };
    let label = title.clone();
    view! {
        <form
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                wizard.next();
            }
        >
            <Card title>
                <div class="stack">
                    {(!description.is_empty()).then(|| view! {
                        <div class="markdown note" inner_html=description></div>
                    })}
                    {form.map(|form| view! { <SchemaForm form label/> })}
                    <div class="flex justify-end gap-2">
                        {(at > 0).then(|| view! {
                            <Button on:click=move |_| wizard.back()>{back}</Button>
                        })}
                        <button type="submit" class="btn btn-primary">
                            {next} <Icon icon=Icon::ArrowRight size=14/>
                        </button>
                    </div>
                </div>
            </Card>
        </form>
    }
}
