//! The frame: skip link, side bar, top bar, the page, and what floats.

use leptos::prelude::*;
use leptos_router::components::Outlet;

use super::places::{Place, places};
use super::sidebar::Sidebar;
use super::top_bar::TopBar;
use crate::components::{
    CommandPalette, GoTo, HoverCard, Icon, Loader, PaletteItem, Shortcuts, ToastRegion,
    set_preference,
};
use crate::data::{EntitySummary, search::suggest, session::Session};
use crate::pages::later;
use crate::paths;

/// The frame around the page that the route picks.
#[component]
pub fn Frame() -> impl IntoView {
    view! {
        <Chrome>
            <Outlet/>
        </Chrome>
    }
}

/// The frame around any content.
#[component]
pub fn Chrome(
    /// The page.
    children: Children,
) -> impl IntoView {
    let palette = RwSignal::new(false);
    let help = RwSignal::new(false);
    let places: Vec<Place> = places(&expect_context::<Session>()).collect();
    let go_to = places
        .iter()
        .filter_map(|it| it.go_to())
        .collect::<Vec<_>>();
    let search = Loader::new(|text| async move {
        let found = suggest(text).await?;
        Ok(found
            .hits
            .into_iter()
            .map(|hit| found_item(hit.entity))
            .collect())
    });
    view! {
        <a class="skip-link" href="#main" rel="external">"Skip to content"</a>
        <div class="frame">
            <Sidebar/>
            <div class="frame-main">
                <TopBar palette help/>
                <main id="main" class="page" tabindex="-1">
                    {children()}
                </main>
            </div>
        </div>
        <CommandPalette open=palette commands=commands(places) search/>
        <Shortcuts palette help go_to/>
        <HoverCard let:entity_ref>
            {later::entity_card(entity_ref)}
        </HoverCard>
        <ToastRegion/>
    }
}

fn found_item(entity: EntitySummary) -> PaletteItem {
    let entity_ref = entity.reference();
    let detail = entity.description.unwrap_or(entity.entity_ref);
    PaletteItem::entity(
        entity.title,
        detail,
        entity_ref.kind(),
        paths::entity(&entity_ref),
    )
}

/// What the palette always offers.
fn commands(places: Vec<Place>) -> Vec<PaletteItem> {
    let pages = places.into_iter().map(|place| {
        let keys = place.go_to().map(GoTo::keys);
        PaletteItem::page(place.label, place.icon, place.href, keys)
    });
    let mut commands: Vec<PaletteItem> = pages.collect();
    for (label, icon, theme) in [
        ("Theme: light", Icon::Sun, "light"),
        ("Theme: dark", Icon::Moon, "dark"),
        ("Theme: system", Icon::Monitor, "system"),
    ] {
        let run = Callback::new(move |()| set_preference("theme", theme));
        commands.push(PaletteItem::action(label, icon, run));
    }
    commands
}
