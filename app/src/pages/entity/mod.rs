//! The entity page: what it is, how it fits, what is wrong, where it comes from.

mod about;
mod actions;
#[cfg(feature = "hydrate")]
mod card;
mod definition;
mod header;
mod overview;
mod relations;
mod source;

#[cfg(feature = "hydrate")]
pub(super) use card::EntityCard;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portico_model::EntityRef;

use super::load::loaded;
use crate::components::{EmptyState, Icon, Tab, Tabs};
use crate::data::entity::{EntityView, load_entity};
use crate::paths;

/// The page of one entity.
#[component]
pub fn EntityPage() -> impl IntoView {
    let params = use_params_map();
    let entity_ref = Memo::new(move |_| {
        let params = params.read();
        let part = |name: &str| params.get(name).unwrap_or_default();
        EntityRef::new(&part("kind"), &part("namespace"), &part("name"))
    });
    let tab = Memo::new(move |_| params.read().get("tab").unwrap_or_default());
    let changed = RwSignal::new(0_u32);
    let data = Resource::new_blocking(
        move || (entity_ref.get().to_string(), changed.get()),
        |(entity_ref, _)| load_entity(entity_ref),
    );
    loaded(data, move |view: EntityView| {
        content(&entity_ref.get(), view, tab, changed)
    })
}

fn content(
    entity_ref: &EntityRef,
    data: EntityView,
    tab: Memo<String>,
    changed: RwSignal<u32>,
) -> AnyView {
    let data = StoredValue::new(data);
    let entity_ref = entity_ref.clone();
    let tabs = {
        let entity_ref = entity_ref.clone();
        Signal::derive(move || data.with_value(|data| tabs(&entity_ref, data, &tab.get())))
    };
    let name = entity_ref.to_string();
    view! {
        {header::header(data.get_value(), changed)}
        <Tabs label="Entity" tabs/>
        {move || {
            let data = data.get_value();
            match tab.get().as_str() {
                "" => overview::overview(data).into_any(),
                "relations" => relations::all(&data).into_any(),
                "definition" => definition::definition(&data).into_any(),
                "source" => source::source(&name).into_any(),
                _ => no_such_tab(&entity_ref).into_any(),
            }
        }}
    }
    .into_any()
}

/// The tabs that have something to show.
fn tabs(entity_ref: &EntityRef, data: &EntityView, current: &str) -> Vec<Tab> {
    let base = paths::entity(entity_ref);
    let tab = |id: &str, label: &str, count: Option<u64>| Tab {
        label: label.to_owned(),
        href: if id.is_empty() {
            base.clone()
        } else {
            format!("{base}/{id}")
        },
        count,
        current: id == current,
    };
    let relations: usize = data.relations.iter().map(|group| group.total).sum();
    let mut tabs = vec![tab("", "Overview", None)];
    if data.has_definition {
        tabs.push(tab("definition", "Definition", None));
    }
    tabs.push(tab("relations", "Relations", Some(relations as u64)));
    tabs.push(tab("source", "Source", None));
    tabs
}

fn no_such_tab(entity_ref: &EntityRef) -> impl IntoView + use<> {
    let overview = paths::entity(entity_ref);
    view! {
        <EmptyState
            icon=Icon::Search
            title="There is no such tab"
            text="The entity is here, but this part of its page is not."
        >
            <a class="btn btn-secondary" href=overview>"Show the overview"</a>
        </EmptyState>
    }
}
