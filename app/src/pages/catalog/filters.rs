//! What narrows the table: facets, and the chips of those that are active.

use leptos::prelude::*;

use super::url::{FACETS, TableState};
use crate::components::{FacetGroup, FacetMore, FacetOption, FilterBar, FilterChip};
use crate::data::catalog::Facet;
use crate::kind::KindStyle;

/// The facet column.
pub(super) fn facets(
    state: &TableState,
    facets: Vec<Facet>,
    mine: u64,
    starred: u64,
) -> impl IntoView + use<> {
    let toggle = |label: &str, count: u64, selected: bool, next: TableState| FacetOption {
        label: label.to_owned(),
        count,
        selected,
        href: next.href(),
    };
    let mut owned = state.first_page();
    owned.query.mine = !state.query.mine;
    let mut favourites = state.first_page();
    favourites.query.starred = !state.query.starred;
    let personal = vec![
        toggle("Owned by me", mine, state.query.mine, owned),
        toggle("Starred", starred, state.query.starred, favourites),
    ];
    let groups = facets
        .into_iter()
        .filter(|facet| !facet.values.is_empty())
        .map(|facet| {
            let more = more(state, &facet);
            let options = facet
                .values
                .into_iter()
                .map(|value| FacetOption {
                    href: state.toggled(&facet.id, &value.value).href(),
                    label: label_of(&facet.id, &value.label),
                    count: value.count,
                    selected: value.chosen,
                })
                .collect();
            view! { <FacetGroup title=title_of(&facet.id) options more/> }
        })
        .collect_view();
    view! {
        <FacetGroup title="Personal" options=personal/>
        {groups}
    }
}

/// The link that unfolds a facet, or folds it again.
fn more(state: &TableState, facet: &Facet) -> Option<FacetMore> {
    let label = match (facet.more, state.is_whole(&facet.id)) {
        (_, true) => "Show fewer".to_owned(),
        (0, false) => return None,
        (count, false) => format!("{count} more"),
    };
    let href = state.unfolded(&facet.id).href();
    Some(FacetMore { label, href })
}

/// The active filters, each with a link that removes it.
pub(super) fn chips(state: &TableState) -> impl IntoView + use<> {
    let mut chips = Vec::new();
    let mut chip = |field: &str, value: &str, next: TableState| {
        chips.push(FilterChip {
            field: field.to_owned(),
            value: value.to_owned(),
            remove_href: next.href(),
        });
    };
    if !state.query.text.is_empty() {
        let mut next = state.first_page();
        next.query.text.clear();
        chip("Name", &state.query.text, next);
    }
    if state.query.mine {
        let mut next = state.first_page();
        next.query.mine = false;
        chip("Owned by", "me", next);
    }
    if state.query.starred {
        let mut next = state.first_page();
        next.query.starred = false;
        chip("Only", "starred", next);
    }
    for facet in FACETS {
        for value in state.chosen(facet) {
            let shown = value.rsplit('/').next().unwrap_or(value);
            chip(
                title_of(facet),
                &label_of(facet, shown),
                state.toggled(facet, value),
            );
        }
    }
    view! { <FilterBar chips clear_href=state.cleared().href()/> }
}

/// What the filter form sends along, so that typing without JavaScript keeps the facets.
pub(super) fn kept(state: &TableState) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for facet in FACETS {
        pairs.extend(
            state
                .chosen(facet)
                .iter()
                .map(|value| (facet.to_owned(), value.clone())),
        );
    }
    pairs.extend(
        state
            .query
            .whole
            .iter()
            .map(|id| ("all".to_owned(), id.clone())),
    );
    for (name, set) in [("mine", state.query.mine), ("starred", state.query.starred)] {
        if set {
            pairs.push((name.to_owned(), "true".to_owned()));
        }
    }
    if !state.query.sort.is_empty() {
        pairs.push(("sort".to_owned(), state.query.sort.clone()));
    }
    pairs
}

/// Kinds have names; other values are shown as they are written.
fn label_of(facet: &str, value: &str) -> String {
    match facet {
        "kind" => KindStyle::label_of(value),
        _ => value.to_owned(),
    }
}

fn title_of(facet: &str) -> &'static str {
    match facet {
        "kind" => "Kind",
        "type" => "Type",
        "owner" => "Owner",
        "lifecycle" => "Lifecycle",
        "system" => "Part of",
        _ => "Tag",
    }
}
