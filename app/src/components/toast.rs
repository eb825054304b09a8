//! Short messages about what was just done, announced to everyone.

use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, IconButton, Tone};

const SHOWN_FOR: Duration = Duration::from_secs(6);

/// Shows toasts; provided by the application, read with `expect_context`.
#[derive(Clone, Copy, Debug)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

#[derive(Clone, Debug)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
}

impl Toaster {
    /// A toaster without toasts.
    pub fn new() -> Self {
        Self {
            toasts: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    /// Shows a message; failures stay until they are dismissed.
    pub fn show(self, tone: Tone, text: impl Into<String>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.toasts.update(|toasts| {
            toasts.push(Toast {
                id,
                tone,
                text: text.into(),
            });
        });
        if tone != Tone::Danger {
            set_timeout(move || self.dismiss(id), SHOWN_FOR);
        }
    }

    fn dismiss(self, id: u32) {
        self.toasts
            .try_update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}

impl Default for Toaster {
    fn default() -> Self {
        Self::new()
    }
}

/// Where toasts appear; once, in the frame.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toaster = expect_context::<Toaster>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toaster.toasts.get() key=|toast| toast.id let:toast>
                <div class="toast" data-tone=toast.tone.as_str()>
                    <Icon icon=super::alert::icon_of(toast.tone)/>
                    <span class="toast-text">{toast.text}</span>
                    <IconButton
                        icon=Icon::X
                        label="Dismiss"
                        small=true
                        tooltip="left"
                        on:click=move |_| toaster.dismiss(toast.id)
                    />
                </div>
            </For>
        </div>
    }
}
