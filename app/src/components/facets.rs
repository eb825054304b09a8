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

/// One facet: a heading and its values.
#[component]
pub fn FacetGroup(
    /// What the values are of: `Kind`, `Owner`.
    #[prop(into)]
    title: String,
    /// The values, the most useful first.
    options: Vec<FacetOption>,
    /// How many to show before "more".
    #[prop(default = 8)]
    limit: usize,
) -> impl IntoView {
    let selected = options.iter().any(|option| option.selected);
    let mut first = options;
    let rest = if first.len() > limit + 2 {
        first.split_off(limit)
    } else {
        Vec::new()
    };
    let open_rest = rest.iter().any(|option| option.selected);
    let more = rest.len();
    view! {
        <details class="facet" open>
            <summary class="facet-title">
                <Icon icon=Icon::ChevronRight size=12/>
                {title}
                {selected.then(|| view! { <span class="facet-active" role="img" aria-label="filtered"></span> })}
            </summary>
            <ul class="facet-options">{first.into_iter().map(option).collect_view()}</ul>
            {(more > 0).then(|| view! {
                <details class="facet-rest" open=open_rest>
                    <summary class="facet-more">{more} " more"</summary>
                    <ul class="facet-options">{rest.into_iter().map(option).collect_view()}</ul>
                </details>
            })}
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
