//! Golden paths: templates to choose from, their forms, and the actions they are made of.

mod actions;
mod answer;
mod draft;
mod dry_run;
mod edit;
mod form;
mod review;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

pub use actions::ActionsPage;
pub use edit::EditTemplatePage;
pub use form::TemplateFormPage;

use super::load::loaded;
use crate::components::{
    Badge, ButtonLink, EmptyState, EntityLink, Icon, Input, OwnerChip, PageHeader, Tone,
};
use crate::data::EntityLabel;
use crate::data::session::{Right, Session};
use crate::data::templates::{TemplateTile, TemplatesView, load_templates};
use crate::paths;

/// Every template, to choose one.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let params = use_query_map();
    let entity = Memo::new(move |_| params.read().get("for"));
    let data = Resource::new_blocking(move || entity.get(), load_templates);
    let session = expect_context::<Session>();
    let (tasks, write) = (session.may(Right::ReadTasks), session.may(Right::DryRun));
    let actions = move || {
        view! {
            <ButtonLink href=paths::ACTIONS icon=Icon::BookOpen>"Actions"</ButtonLink>
            {tasks.then(|| view! {
                <ButtonLink href=paths::TASKS icon=Icon::Activity>"Tasks"</ButtonLink>
            })}
            {write.then(|| view! {
                <ButtonLink href=paths::NEW_TEMPLATE icon=Icon::Pencil>"New template"</ButtonLink>
            })}
        }
    };
    view! {
        <PageHeader
            title="Create"
            description="Golden paths: answer a form, and get a repository, a change or a resource that is \
                         set up the way this organisation does it."
            actions
        />
        {loaded(data, content)}
    }
}

fn content(view: TemplatesView) -> AnyView {
    let TemplatesView { templates, entity } = view;
    if let Some(entity) = entity {
        return for_entity(templates, entity).into_any();
    }
    if templates.is_empty() {
        let may_register = expect_context::<Session>().may(Right::Register);
        return view! {
            <EmptyState
                icon=Icon::LayoutTemplate
                title="No templates yet"
                text="Register a location with an entity of kind Template (scaffolder.backstage.io/v1beta3). \
                      Templates of Backstage run as they are."
            >
                {may_register.then(|| view! {
                    <a class="btn btn-secondary" href=paths::REGISTER>"Register a location"</a>
                })}
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
                template.entity.title,
                template.entity.name,
                template.entity.description.as_deref().unwrap_or_default(),
                template.entity.spec_type.as_deref().unwrap_or_default(),
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

/// What can be done with one entity.
fn for_entity(templates: Vec<TemplateTile>, entity: EntityLabel) -> impl IntoView {
    let history = format!(
        "{}?entity={}",
        paths::TASKS,
        paths::encode(&entity.entity_ref)
    );
    let tiles = templates
        .into_iter()
        .map(|it| view! { <li>{tile(it)}</li> });
    let tiles = tiles.collect_view();
    let none = tiles.is_empty();
    view! {
        <div class="stack">
            <p class="flex flex-wrap items-center gap-x-4 gap-y-2">
                <span>"What can be done with " <EntityLink entity_ref=entity.reference() title=entity.title.clone()/></span>
                <a class="link" href=history>"What was done with it"</a>
                <a class="link" href=paths::CREATE>"All templates"</a>
            </p>
            {match none {
                true => view! {
                    <EmptyState
                        icon=Icon::LayoutTemplate
                        title="No template fits it"
                        text="A template fits when its form has a field that takes this entity. Some are for its owners only."
                    />
                }
                .into_any(),
                false => view! { <ul class="grid gap-4 md:grid-cols-2 xl:grid-cols-3">{tiles}</ul> }.into_any(),
            }}
        </div>
    }
}

fn tile(tile: TemplateTile) -> impl IntoView {
    let TemplateTile {
        entity: template,
        form,
    } = tile;
    let about = paths::entity(&template.reference());
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
