//! What the hover card says about an entity.

use leptos::prelude::*;
use portico_model::EntityRef;

use crate::components::{Badge, KindTile, OwnerChip, Skeleton};
use crate::data::{EntitySummary, UiError, hover::load_summary};
use crate::kind::KindStyle;

/// The entity in short, asked for when the card appears.
#[component]
pub(crate) fn EntityCard(
    /// The hovered entity.
    entity_ref: EntityRef,
) -> impl IntoView {
    let style = KindStyle::of(entity_ref.kind());
    let name = entity_ref.to_string();
    let summary = LocalResource::new(move || load_summary(name.clone()));
    let known = entity_ref.to_string();
    view! {
        <KindTile style/>
        <div class="hover-text">
            {move || match summary.get() {
                None => waiting(&known).into_any(),
                Some(Ok(Some(summary))) => about(summary).into_any(),
                Some(Ok(None)) => missing(&known).into_any(),
                Some(Err(error)) => failed(&known, &error).into_any(),
            }}
        </div>
    }
}

fn waiting(entity_ref: &str) -> impl IntoView + use<> {
    view! {
        <p class="hover-ref">{entity_ref.to_owned()}</p>
        <Skeleton width="80%"/>
    }
}

fn about(summary: EntitySummary) -> impl IntoView {
    let owner = summary.owner.filter(|owner| owner.exists);
    view! {
        <p class="hover-title">{summary.title}</p>
        <p class="hover-ref">{summary.entity_ref}</p>
        {summary.description.map(|text| view! { <p class="hover-description">{text}</p> })}
        <div class="hover-facts">
            {summary.spec_type.map(|text| view! { <Badge>{text}</Badge> })}
            {summary.lifecycle.map(|text| view! { <Badge>{text}</Badge> })}
            {owner.map(|owner| view! { <OwnerChip entity_ref=owner.reference() title=owner.title/> })}
        </div>
    }
}

fn missing(entity_ref: &str) -> impl IntoView + use<> {
    view! {
        <p class="hover-ref">{entity_ref.to_owned()}</p>
        <p class="hover-description">"Not in the catalog: the reference leads nowhere."</p>
    }
}

fn failed(entity_ref: &str, error: &UiError) -> impl IntoView + use<> {
    view! {
        <p class="hover-ref">{entity_ref.to_owned()}</p>
        <p class="hover-description">{error.message.clone()}</p>
    }
}
