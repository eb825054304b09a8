//! Facets with counts: every option is a link to the same list, narrowed or widened.

use leptos::prelude::*;

use super::Icon;

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetOption {
    /// The value, in words.
    pub label: String,
    /// How many of the listed things have it.
    pub count: u64,
    /// Whether the list is narrowed to it.
    pub selected: bool,
    /// The URL of the list with this toggled.
    pub href: String,
}

/// Facets that phones fold away behind a button; wide screens always show them.
#[component]
pub fn FilterFold(
    /// The facets.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="filter-fold">
            <summary class="btn btn-secondary"><Icon icon=Icon::ListFilter/>"Filters"</summary>
            <div class="filter-fold-content">{children()}</div>
        </details>
    }
}

/// The link below a facet's values that shows all of them, or fewer again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetMore {
    /// What it says: `22 more`.
    pub label: String,
    /// The URL of the same list with this facet unfolded or folded.
    pub href: String,
}

/// One facet: a heading and its values.
#[component]
pub fn FacetGroup(
    /// What the values are of: `Kind`, `Owner`.
    #[prop(into)]
    title: String,
    /// The values, the most useful first.
    options: Vec<FacetOption>,
    /// Leads to the values that are not here.
    #[prop(optional_no_strip)]
    more: Option<FacetMore>,
) -> impl IntoView {
    let selected = options.iter().any(|option| option.selected);
    let more = more.map(|FacetMore { label, href }| {
        let name = format!("{title}: {label}");
        view! {
            <a class="facet-more" href=href rel="nofollow" data-noscroll="" aria-label=name>{label}</a>
        }
    });
    view! {
        <details class="facet" open>
            <summary class="facet-title">
                <Icon icon=Icon::ChevronRight size=12/>
                {title}
                {selected.then(|| view! { <span class="facet-active" role="img" aria-label="filtered"></span> })}
            </summary>
            <ul class="facet-options">{options.into_iter().map(option).collect_view()}</ul>
            {more}
        </details>
    }
}

fn option(option: FacetOption) -> impl IntoView {
    view! {
        <li>
            <a
                class="facet-option"
                href=option.href
                rel="nofollow"
                aria-current=option.selected.then_some("true")
            >
                <span class="facet-box" aria-hidden="true">
                    {option.selected.then(|| view! { <Icon icon=Icon::Check size=12/> })}
                </span>
                <span class="truncate">{option.label}</span>
                <span class="facet-count">{option.count}</span>
            </a>
        </li>
    }
}
