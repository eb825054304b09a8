//! The keyboard: one listener for the whole portal, and the list of what it knows.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{Dialog, Kbd};
use crate::platform;

/// How long after `g` the next key is awaited.
const SEQUENCE: Duration = Duration::from_millis(1200);

/// A page that `g` and a letter lead to.
#[derive(Clone, Copy, Debug)]
pub struct GoTo {
    /// The letter.
    pub key: &'static str,
    /// What the page is called.
    pub label: &'static str,
    /// Its address.
    pub href: &'static str,
}

impl GoTo {
    /// The keys, as people read them.
    pub fn keys(self) -> String {
        format!("g {}", self.key)
    }
}

const ANYWHERE: [(&str, &str); 6] = [
    ("⌘ K", "Command palette (Ctrl K)"),
    ("/", "Focus the filter"),
    ("j", "Next row"),
    ("k", "Previous row"),
    ("Enter", "Open the row"),
    ("?", "This list"),
];

/// Listens to the keyboard and shows the list of shortcuts; once, in the frame.
#[component]
pub fn Shortcuts(
    /// Opens the command palette.
    palette: RwSignal<bool>,
    /// Opens the list of shortcuts.
    help: RwSignal<bool>,
    /// The pages that letters lead to.
    go_to: Vec<GoTo>,
) -> impl IntoView {
    let navigate = use_navigate();
    let go_to = StoredValue::new(go_to);
    let after_g = RwSignal::new(false);
    Effect::new(move || {
        let navigate = navigate.clone();
        let listener = window_event_listener(ev::keydown, move |event| {
            let key = event.key();
            if (event.meta_key() || event.ctrl_key()) && key.eq_ignore_ascii_case("k") {
                event.prevent_default();
                palette.update(|open| *open = !*open);
                return;
            }
            if key == "Escape" {
                platform::leave_filter();
            }
            let modified = event.meta_key() || event.ctrl_key() || event.alt_key();
            if modified
                || event.default_prevented()
                || platform::is_typing()
                || platform::dialog_is_open()
            {
                return;
            }
            if after_g.get_untracked() {
                after_g.set(false);
                let place = go_to.with_value(|all| all.iter().find(|it| it.key == key).copied());
                if let Some(place) = place {
                    event.prevent_default();
                    navigate(place.href, NavigateOptions::default());
                }
                return;
            }
            match key.as_str() {
                "g" => {
                    after_g.set(true);
                    set_timeout(
                        move || {
                            after_g.try_set(false);
                        },
                        SEQUENCE,
                    );
                }
                "/" if !platform::focus_first("[data-filter]") => palette.set(true),
                "?" => help.set(true),
                "j" => platform::move_row_cursor(1),
                "k" => platform::move_row_cursor(-1),
                "/" => {}
                _ => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    });

    view! {
        <Dialog id="shortcuts" title="Keyboard shortcuts" open=help>
            <div class="shortcuts">
                {section("Anywhere", ANYWHERE.map(|(keys, label)| (keys.to_owned(), label)).to_vec())}
                {section("Go to", go_to.with_value(|all| all.iter().map(|it| (it.keys(), it.label)).collect()))}
            </div>
        </Dialog>
    }
}

fn section(title: &'static str, keys: Vec<(String, &'static str)>) -> impl IntoView + use<> {
    let rows = keys
        .into_iter()
        .map(|(keys, label)| view! { <div class="shortcut"><dt>{label}</dt><dd><Kbd keys named=true/></dd></div> })
        .collect_view();
    view! {
        <section>
            <h3 class="shortcuts-title">{title}</h3>
            <dl>{rows}</dl>
        </section>
    }
}
