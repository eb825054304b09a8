//! The text of a template, with what can be written where the caret is.

use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use super::completion::{before, suggestions};
use crate::platform;

/// The `id` of the text.
pub(super) const TEXT: &str = "template-text";
/// The `id` of the list of what can be written.
const OFFERS: &str = "template-offers";

/// The editor.
#[component]
pub(super) fn Editor(
    /// What is written.
    text: RwSignal<String>,
    /// The ids of the actions there are.
    actions: Vec<String>,
) -> impl IntoView {
    let actions = StoredValue::new(actions);
    // How long the word is that they stand for, and what is offered.
    let offers = RwSignal::new((0_usize, Vec::<String>::new()));
    let chosen = RwSignal::new(0_usize);
    let first = text.get_untracked();
    // What was kept of an earlier visit is put in from outside.
    Effect::new(move || {
        let now = text.get();
        if let Some(area) = area().filter(|area| area.value() != now) {
            area.set_value(&now);
        }
    });
    let look = move || {
        let found = area().and_then(|area| {
            let caret = area.selection_start().ok()?? as usize;
            let text = area.value();
            let line = before(&text, caret).rsplit('\n').next()?.to_owned();
            actions.with_value(|actions| suggestions(&line, actions))
        });
        chosen.set(0);
        offers.set(found.unwrap_or_default());
    };
    let take = move |offer: &str| {
        let Some(area) = area() else { return };
        let Ok(Some(caret)) = area.selection_start() else {
            return;
        };
        let (word, _) = offers.get_untracked();
        let from = caret.saturating_sub(word as u32);
        let _ = area.set_range_text_with_start_and_end(offer, from, caret);
        let end = from + offer.encode_utf16().count() as u32;
        let _ = area.set_selection_range(end, end);
        let _ = area.focus();
        text.set(area.value());
        offers.set(Default::default());
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let count = offers.with_untracked(|(_, offers)| offers.len());
        if count == 0 {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|it| *it = (*it + 1) % count),
            "ArrowUp" => chosen.update(|it| *it = (*it + count - 1) % count),
            "Enter" => {
                let offer = offers.with_untracked(|(_, all)| all[chosen.get_untracked()].clone());
                take(&offer);
            }
            "Escape" => offers.set(Default::default()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="template-editor">
            <textarea
                id=TEXT
                class="input mono"
                aria-label="Template"
                aria-autocomplete="list"
                aria-controls=OFFERS
                rows="30"
                spellcheck="false"
                autocomplete="off"
                wrap="off"
                prop:value=move || text.get()
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    look();
                }
                on:keydown=key
                on:blur=move |_| offers.set(Default::default())
            >
                {first}
            </textarea>
            <ul id=OFFERS class="template-offers" role="listbox" aria-label="Completions">
                {move || {
                    let offers = offers.get().1.into_iter().enumerate();
                    offers
                        .map(|(at, offer)| {
                            let word = offer.clone();
                            view! {
                                <li
                                    role="option"
                                    class="mono"
                                    aria-selected=move || (chosen.get() == at).to_string()
                                    on:mousedown=move |event| {
                                        event.prevent_default();
                                        take(&word);
                                    }
                                >
                                    {offer}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </div>
    }
}

fn area() -> Option<HtmlTextAreaElement> {
    platform::element_by_id(TEXT)
}
