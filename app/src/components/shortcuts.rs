//! The keyboard: one listener for the whole portal, and the list of what it knows.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{Dialog, Kbd};
use crate::{paths, platform};

/// How long after `g` the next key is awaited.
const SEQUENCE: Duration = Duration::from_millis(1200);

/// Pages that `g` and a letter lead to.
pub const GO_TO: [(&str, &str, &str); 8] = [
    ("g h", "Home", paths::HOME),
    ("g c", "Catalog", paths::CATALOG),
    ("g a", "APIs", paths::APIS),
    ("g s", "Search", paths::SEARCH),
    ("g n", "Create", paths::CREATE),
    ("g t", "Tasks", paths::TASKS),
    ("g r", "Register", paths::REGISTER),
    ("g o", "Sources", paths::SOURCES),
];

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
) -> impl IntoView {
    let navigate = use_navigate();
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
                if let Some(path) = go_to(&key) {
                    event.prevent_default();
                    navigate(path, NavigateOptions::default());
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
                {section("Anywhere", &ANYWHERE)}
                {section("Go to", &GO_TO.map(|(keys, label, _)| (keys, label)))}
            </div>
        </Dialog>
    }
}

fn section(title: &'static str, keys: &[(&'static str, &'static str)]) -> impl IntoView + use<> {
    let rows = keys
        .iter()
        .map(|&(keys, label)| view! { <div class="shortcut"><dt>{label}</dt><dd><Kbd keys named=true/></dd></div> })
        .collect_view();
    view! {
        <section>
            <h3 class="shortcuts-title">{title}</h3>
            <dl>{rows}</dl>
        </section>
    }
}

fn go_to(key: &str) -> Option<&'static str> {
    GO_TO
        .iter()
        .find(|(keys, ..)| keys.strip_prefix("g ") == Some(key))
        .map(|&(_, _, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_after_g_leads_to_its_page() {
        assert_eq!(go_to("c"), Some("/catalog"));
        assert_eq!(go_to("x"), None);
    }
}
