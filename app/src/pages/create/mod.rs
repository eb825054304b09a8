//! Golden paths: templates to choose from, their forms, and the actions they are made of.

mod actions;
mod draft;
mod dry_run;
mod form;
mod review;

use leptos::prelude::*;

pub use actions::ActionsPage;
pub use form::TemplateFormPage;

use super::load::loaded;
use crate::components::{Badge, ButtonLink, EmptyState, Icon, Input, OwnerChip, PageHeader, Tone};
use crate::data::EntitySummary;
use crate::data::templates::{TemplatesView, load_templates};
use crate::paths;

/// Every template, to choose one.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_templates());
    let actions = || {
        view! {
            <ButtonLink href=paths::ACTIONS icon=Icon::BookOpen>"Actions"</ButtonLink>
            <ButtonLink href=paths::TASKS icon=Icon::Activity>"Tasks"</ButtonLink>
        }
    };
    view! {
        <PageHeader
            title="Create"
            description="Golden paths: answer a form, and get a repository, a change or a resource that is \
                         set up the way this organisation does it."
            actions
        />
        {loaded(data, |view: TemplatesView| content(view.templates))}
    }
}

fn content(templates: Vec<EntitySummary>) -> AnyView {
    if templates.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::LayoutTemplate
                title="No templates yet"
                text="Register a location with an entity of kind Template (scaffolder.backstage.io/v1beta3). \
                      Templates of Backstage run as they are."
            >
                <a class="btn btn-secondary" href=paths::REGISTER>"Register a location"</a>
            </EmptyState>
        }
        .into_any();
    }
    let sought = RwSignal::new(String::new());
    let several = templates.len() > 6;
    let tiles = templates
        .into_iter()
        .map(|template| {
            let text = format!(
                "{} {} {} {}",
                template.title,
                template.name,
                template.description.as_deref().unwrap_or_default(),
                template.spec_type.as_deref().unwrap_or_default(),
            )
            .to_lowercase();
            let shown = move || {
                sought.with(|sought| {
                    let mut words = sought.split_whitespace();
                    words.all(|word| text.contains(&word.to_lowercase()))
                })
            };
            view! { <li hidden=move || !shown()>{tile(template)}</li> }
        })
        .collect_view();
    view! {
        <div class="stack">
            {several.then(|| view! {
                <Input
                    name="templates"
                    r#type="search"
                    label="Filter templates"
                    placeholder="Filter by name, type or purpose"
                    value=sought
                    on:input=move |event| sought.set(event_target_value(&event))
                />
            })}
            <ul class="grid gap-4 md:grid-cols-2 xl:grid-cols-3">{tiles}</ul>
        </div>
    }
    .into_any()
}

fn tile(template: EntitySummary) -> impl IntoView {
    let reference = template.reference();
    let (form, about) = (paths::template(&reference), paths::entity(&reference));
    view! {
        <article class="card h-full">
            <div class="card-body template-tile">
                <div class="flex items-start justify-between gap-3">
                    <h2 class="card-title">
                        <a class="link-plain" href=form.clone()>{template.title.clone()}</a>
                    </h2>
                    {template.spec_type.map(|it| view! { <Badge tone=Tone::Accent>{it}</Badge> })}
                </div>
                <p class="note template-text">{template.description}</p>
                <div class="flex flex-wrap items-center justify-between gap-2">
                    {template.owner.map(|owner| view! {
                        <OwnerChip entity_ref=owner.reference() title=owner.title/>
                    })}
                    <span class="flex items-center gap-2">
                        <a class="btn btn-ghost btn-sm" href=about aria-label=format!("About {}", template.title)>
                            "About"
                        </a>
                        <a
                            class="btn btn-secondary btn-sm"
                            href=form
                            aria-label=format!("Choose {}", template.title)
                        >
                            "Choose"
                            <Icon icon=Icon::ArrowRight size=14/>
                        </a>
                    </span>
                </div>
            </div>
        </article>
    }
}
