//! What was written and not proposed yet, kept in this browser.

use leptos::prelude::*;
use serde_json::json;

use super::super::draft;
use crate::components::{Alert, Button, ButtonKind, Tone};

/// The text of a draft that outlives the page. All copies are one.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    key: StoredValue<String>,
    text: RwSignal<String>,
    original: StoredValue<String>,
    /// Whether the text is one of an earlier visit.
    restored: RwSignal<bool>,
}

impl Kept {
    /// Puts in what was written before, and keeps what is written from now on. `name` is the
    /// template's, when there is one already.
    pub(super) fn new(name: Option<&str>, text: RwSignal<String>) -> Self {
        let kept = Self {
            key: StoredValue::new(format!("edit:{}", name.unwrap_or("new"))),
            text,
            original: StoredValue::new(text.get_untracked()),
            restored: RwSignal::new(false),
        };
        Effect::new(move || {
            let before = draft::restore(&kept.key.get_value());
            let before = before.and_then(|it| Some(it.get("text")?.as_str()?.to_owned()));
            if let Some(before) = before.filter(|it| *it != kept.original.get_value()) {
                text.set(before);
                kept.restored.set(true);
            }
        });
        Effect::new(move |first: Option<()>| {
            let now = text.get();
            match first {
                None => {}
                Some(()) if now == kept.original.get_value() => kept.forget(),
                Some(()) => draft::keep(&kept.key.get_value(), &json!({ "text": now })),
            }
        });
        kept
    }

    /// What is written is somewhere else now.
    pub(super) fn forget(self) {
        draft::forget(&self.key.get_value());
    }

    /// Says that the text is one of an earlier visit, and offers the original.
    pub(super) fn notice(self) -> impl IntoView {
        let start_over = move |_| {
            self.text.set(self.original.get_value());
            self.restored.set(false);
        };
        move || {
            self.restored.get().then(|| {
                view! {
                    <Alert tone=Tone::Info title="You had begun to write this">
                        "It is as you left it, and not proposed yet. "
                        <Button kind=ButtonKind::Ghost small=true on:click=start_over>"Start over"</Button>
                    </Alert>
                }
            })
        }
    }
}
