//! Links to entities.

use leptos::prelude::*;
use portico_model::EntityRef;

use super::Icon;
use crate::{kind::KindStyle, paths};

/// A link to an entity with its kind's icon; hovering it shows the hover card.
#[component]
pub fn EntityLink(
    /// The entity's full reference.
    entity_ref: EntityRef,
    /// The entity's title; the reference's name when there is none.
    #[prop(optional, into)]
    title: Option<String>,
    /// Leaves the icon out, where all links are of one kind.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    let style = KindStyle::of(entity_ref.kind());
    let name = title.unwrap_or_else(|| entity_ref.name().to_owned());
    view! {
        <a
            class="entity-link"
            href=paths::entity(&entity_ref)
            data-entity-ref=entity_ref.to_string()
        >
            {(!plain).then(|| view! { <KindIcon style size=16/> })}
            <span class="truncate">{name}</span>
        </a>
    }
}

/// The icon of a kind in the kind's hue.
#[component]
pub fn KindIcon(
    /// The kind.
    style: KindStyle,
    /// Width and height in px.
    #[prop(default = 16)]
    size: u8,
) -> impl IntoView {
    view! {
        <span class="kind-icon" data-kind=style.key title=style.label>
            <Icon icon=style.icon size/>
        </span>
    }
}

/// The icon of a kind on a tile, for page headers and cards.
#[component]
pub fn KindTile(
    /// The kind.
    style: KindStyle,
) -> impl IntoView {
    view! {
        <span class="kind-tile" data-kind=style.key aria-hidden="true">
            <Icon icon=style.icon size=20/>
        </span>
    }
}
