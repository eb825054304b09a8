//! What narrows a list, each removable.

use leptos::prelude::*;

use super::Icon;

/// One active filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterChip {
    /// What it filters by: `Owner`.
    pub field: String,
    /// To which value.
    pub value: String,
    /// The URL of the list without it.
    pub remove_href: String,
}

/// The active filters of a list; nothing when there are none.
#[component]
pub fn FilterBar(
    /// The filters.
    chips: Vec<FilterChip>,
    /// The URL of the list without any.
    #[prop(into)]
    clear_href: String,
) -> impl IntoView {
    (!chips.is_empty()).then(|| {
        view! {
            <ul class="filter-bar" aria-label="Active filters">
                {chips
                    .into_iter()
                    .map(|chip| {
                        let label = format!("Remove filter {}: {}", chip.field, chip.value);
                        view! {
                            <li class="chip">
                                <span class="chip-field">{chip.field}</span>
                                <span class="truncate">{chip.value}</span>
                                <a class="chip-remove" href=chip.remove_href aria-label=label>
                                    <Icon icon=Icon::X size=12/>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
                <li><a class="link text-sm" href=clear_href>"Clear all"</a></li>
            </ul>
        }
    })
}
