//! What a person prefers in this browser: theme and density. Kept in local
//! storage and applied by the document's first script (see `shell`).

use leptos::prelude::*;

use super::{Choice, Segmented};
use crate::platform;

/// Chooses light, dark, or what the system says.
#[component]
pub fn ThemeSwitch(
    /// The form field's name, unique on the page.
    #[prop(default = "theme")]
    name: &'static str,
) -> impl IntoView {
    preference(
        "theme",
        name,
        "Theme",
        vec![
            Choice::new("system", "System"),
            Choice::new("light", "Light"),
            Choice::new("dark", "Dark"),
        ],
    )
}

/// Chooses how high table rows are.
#[component]
pub fn DensitySwitch(
    /// The form field's name, unique on the page.
    #[prop(default = "density")]
    name: &'static str,
) -> impl IntoView {
    preference(
        "density",
        name,
        "Density",
        vec![
            Choice::new("comfortable", "Comfortable"),
            Choice::new("compact", "Compact"),
        ],
    )
}

/// Keeps a preference and applies it to the page.
pub(crate) fn set_preference(key: &str, value: &str) {
    platform::store(&format!("portico.{key}"), value);
    platform::set_root_attribute(&format!("data-{key}"), value);
}

/// Reads a preference of this browser.
pub(crate) fn preference_of(key: &str) -> Option<String> {
    platform::stored(&format!("portico.{key}"))
}

fn preference(
    key: &'static str,
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
) -> impl IntoView {
    let default = choices
        .first()
        .map(|choice| choice.value.clone())
        .unwrap_or_default();
    let value = RwSignal::new(default);
    Effect::new(move || {
        if let Some(stored) = preference_of(key) {
            value.set(stored);
        }
    });
    let on_pick = move |picked: String| {
        set_preference(key, &picked);
        value.set(picked);
    };
    view! { <Segmented label name choices value on_pick/> }
}
