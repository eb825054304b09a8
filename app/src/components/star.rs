//! Starring entities.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Icon, IconButton, Toaster, Tone};
use crate::data::session::{Right, Session};
use crate::data::stars::set_star;

/// Stars an entity, or takes the star away; shown at once, taken back when it fails. Not there
/// for those who may not.
#[component]
pub fn StarButton(
    /// Full reference of the entity.
    #[prop(into)]
    entity_ref: String,
    /// What the entity is called.
    #[prop(into)]
    title: String,
    /// Whether it is starred now.
    starred: bool,
) -> impl IntoView {
    if !expect_context::<Session>().may(Right::OwnSettings) {
        return ().into_any();
    }
    let on = RwSignal::new(starred);
    let toaster = use_context::<Toaster>();
    let toggle = move |_| {
        let next = !on.get_untracked();
        on.set(next);
        let entity_ref = entity_ref.clone();
        spawn_local(async move {
            if let Err(error) = set_star(entity_ref, next).await {
                on.set(!next);
                if let Some(toaster) = toaster {
                    toaster.show(Tone::Danger, error.message);
                }
            }
        });
    };
    view! {
        <span class="star" class:starred=on aria-live="off">
            <IconButton
                icon=Icon::Star
                label=format!("Star {title}")
                small=true
                attr:aria-pressed=move || if on.get() { "true" } else { "false" }
                on:click=toggle
            />
        </span>
    }
    .into_any()
}
