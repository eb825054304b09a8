//! The card that appears over a link to an entity.
//!
//! One listener serves all links that carry `data-entity-ref`, so that a table
//! of hundreds of links costs nothing when the page is hydrated.

use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use portico_model::EntityRef;
use web_sys::Element;

const OPEN_AFTER: Duration = Duration::from_millis(400);
const CLOSE_AFTER: Duration = Duration::from_millis(150);
const WIDTH: f64 = 320.0;
const ROOM_BELOW: i32 = 220;

#[derive(Clone, Debug, PartialEq)]
struct Shown {
    entity_ref: EntityRef,
    style: String,
}

/// Shows the card; once, in the frame. Its content is rendered for the hovered entity.
#[component]
pub fn HoverCard<F, V>(
    /// Renders the card's content.
    children: F,
) -> impl IntoView
where
    F: Fn(EntityRef) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let shown = RwSignal::new(None::<Shown>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let after = move |delay: Duration, next: Option<Shown>| {
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let show = move || {
            shown.try_set(next);
        };
        timer.set_value(set_timeout_with_handle(show, delay).ok());
    };
    Effect::new(move || {
        let over = window_event_listener(ev::mouseover, move |event| {
            let target = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok());
            let Some(target) = target else { return };
            if let Some(link) = target.closest("[data-entity-ref]").ok().flatten() {
                after(OPEN_AFTER, placed(&link));
            } else if target.closest(".hover-card").ok().flatten().is_some() {
                after(CLOSE_AFTER, shown.get_untracked());
            } else {
                after(CLOSE_AFTER, None);
            }
        });
        let click = window_event_listener(ev::click, move |_| after(Duration::ZERO, None));
        let scroll = window_event_listener(ev::scroll, move |_| after(Duration::ZERO, None));
        on_cleanup(move || {
            over.remove();
            click.remove();
            scroll.remove();
        });
    });
    move || {
        shown.get().map(|card| {
            view! {
                <div class="hover-card" role="tooltip" style=card.style>
                    {children(card.entity_ref)}
                </div>
            }
        })
    }
}

/// Where the card of a link stands: below it, or above where there is no room.
fn placed(link: &Element) -> Option<Shown> {
    let text = link.get_attribute("data-entity-ref")?;
    let entity_ref = EntityRef::parse(&text, None, EntityRef::DEFAULT_NAMESPACE).ok()?;
    let rect = link.get_bounding_client_rect();
    let width = window().inner_width().ok()?.as_f64()?;
    let height = window().inner_height().ok()?.as_f64()? as i32;
    // Whole pixels, because writing fractions is a surprising amount of code.
    let left = rect.left().min(width - WIDTH - 16.0).max(16.0) as i32;
    let (top, bottom) = (rect.top() as i32, rect.bottom() as i32);
    let style = if bottom + ROOM_BELOW < height {
        format!("left:{left}px;top:{}px", bottom + 6)
    } else {
        format!("left:{left}px;bottom:{}px", height - top + 6)
    };
    Some(Shown { entity_ref, style })
}
