//! The plugin gallery: what there is, what it may touch, and what waits for review.

mod compare;
mod connections;
mod detail;
mod health;
mod publishers;
mod report;
mod review;
mod run;
mod submit;
mod version;

use leptos::prelude::*;

pub use compare::PluginComparePage;
pub use connections::ConnectionsPage;
pub use detail::PluginPage;
pub use publishers::PublishersPage;
pub use submit::SubmitPluginPage;

use super::load::loaded;
use crate::components::{
    Alert, Badge, ButtonKind, ButtonLink, Card, EmptyState, Icon, PageHeader, StatusDot, Tone,
};
use crate::data::plugins::{PluginCard, PluginsView, load_plugins};
use crate::paths;

/// Every plugin of the portal.
#[component]
pub fn PluginsPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_plugins());
    view! { {loaded(data, |view: PluginsView| content(view))} }
}

fn content(view: PluginsView) -> AnyView {
    let PluginsView {
        may_submit,
        may_curate,
        ..
    } = view;
    let actions = move || {
        view! {
            {may_curate.then(|| view! {
                <ButtonLink href=paths::CONNECTIONS icon=Icon::Plug>"Connections"</ButtonLink>
                <ButtonLink href=paths::PUBLISHERS icon=Icon::Shield>"Publisher keys"</ButtonLink>
            })}
            {may_submit.then(|| view! {
                <ButtonLink href=paths::SUBMIT_PLUGIN kind=ButtonKind::Primary icon=Icon::Plus>
                    "Submit a plugin"
                </ButtonLink>
            })}
        }
    };
    view! {
        <PageHeader
            title="Plugins"
            description="Sandboxed components that teams write and the platform team approves. \
                         Each can do what it was granted, and nothing else."
            actions
        />
        {gallery(view)}
    }
    .into_any()
}

fn gallery(view: PluginsView) -> AnyView {
    if view.plugins.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Hexagon
                title="No plugins yet"
                text="Write one with \"portico plugin new\", try it with \"portico plugin test\", and \
                      hand it in here or with \"portico plugin submit\". It appears here for review."
            />
        }
        .into_any();
    }
    let (waiting, others): (Vec<_>, Vec<_>) = view
        .plugins
        .into_iter()
        .partition(|plugin| plugin.waiting.is_some());
    let count = waiting.len() as u64;
    view! {
        <div class="stack">
            {(count > 0).then(|| view! {
                <Card title="Waiting for review" count>
                    {grid(waiting)}
                </Card>
            })}
            {(!others.is_empty()).then(|| grid(others))}
        </div>
    }
    .into_any()
}

fn grid(plugins: Vec<PluginCard>) -> impl IntoView {
    view! {
        <ul class="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
            {plugins.into_iter().map(|plugin| view! { <li>{tile(plugin)}</li> }).collect_view()}
        </ul>
    }
}

fn tile(plugin: PluginCard) -> impl IntoView {
    let href = paths::plugin(&plugin.id);
    let status = status(&plugin);
    view! {
        <article class="card h-full">
            <div class="card-body stack">
                <div class="flex items-start justify-between gap-3">
                    <h2 class="card-title">
                        <a class="entity-link" href=href>{plugin.title}</a>
                    </h2>
                    {status}
                </div>
                <p class="note">{plugin.description}</p>
                <p class="text-sm text-muted">
                    <span class="mono">{plugin.id}</span>
                    " by "
                    {plugin.publisher}
                </p>
                <p class="flex flex-wrap gap-1">
                    <Badge tone=Tone::Accent>{world(&plugin.world)}</Badge>
                    {plugin
                        .capabilities
                        .into_iter()
                        .map(|name| view! { <Badge>{name}</Badge> })
                        .collect_view()}
                </p>
            </div>
        </article>
    }
}

/// What kind of plugin it is, in words.
fn world(name: &str) -> &'static str {
    match name {
        "catalog-provider" => "Catalog provider",
        "scaffolder-action" => "Action",
        _ => "Check",
    }
}

fn status(plugin: &PluginCard) -> impl IntoView + use<> {
    let (tone, label) = match plugin {
        PluginCard { disabled: true, .. } => (Tone::Danger, "stopped".to_owned()),
        PluginCard {
            broken: Some(_), ..
        } => (Tone::Danger, "does not run".to_owned()),
        PluginCard {
            active: Some(version),
            ..
        } => (Tone::Success, version.clone()),
        PluginCard {
            waiting: Some(version),
            ..
        } => (Tone::Warning, format!("{version} waits")),
        _ => (Tone::Neutral, "not active".to_owned()),
    };
    view! { <StatusDot tone label/> }
}

/// What a person should know before anything else.
fn warnings(plugin: &PluginCard) -> impl IntoView + use<> {
    let broken = plugin.broken.clone();
    broken.map(|why| {
        view! {
            <Alert tone=Tone::Danger title="It does not run on this replica">{why}</Alert>
        }
    })
}
