//! The catalog table.

mod filters;
mod table;
mod url;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::load::loaded;
use crate::components::{ButtonLink, EmptyState, FilterFold, Icon, PageHeader, SearchBox};
use crate::data::catalog::{CatalogView, PAGE_SIZE, load_catalog};
use crate::data::session::{Right, Session};
use crate::paths;

use url::TableState;

/// The catalog table: facets on the left, rows on the right, everything in the URL.
#[component]
pub fn CatalogPage() -> impl IntoView {
    let params = use_query_map();
    let state = Memo::new(move |_| TableState::read(&params.read()));
    let query = Memo::new(move |_| state.get().query);
    let data = Resource::new_blocking(move || query.get(), load_catalog);
    let text = Signal::derive(move || query.read().text.clone());
    let navigate = use_navigate();
    let on_type = Callback::new(move |typed: String| {
        let mut next = state.get_untracked().first_page();
        next.query.text = typed;
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&next.href(), options);
    });
    let register = || register_link("Register");

    view! {
        <PageHeader
            title="Catalog"
            description="Everything the organisation runs, who owns it and how it fits together."
            actions=register
        />
        <div class="catalog">
            <div class="catalog-bar">
                {move || view! {
                    <SearchBox
                        label="Filter by name or title"
                        action=paths::CATALOG
                        value=text
                        keep=filters::kept(&state.get_untracked())
                        on_type
                    />
                }}
            </div>
            {loaded(data, move |view: CatalogView| content(&state.get(), view))}
        </div>
    }
}

fn content(state: &TableState, data: CatalogView) -> AnyView {
    let CatalogView {
        rows,
        total,
        catalog_total,
        facets,
        mine,
        starred,
    } = data;
    let (first, shown) = (state.query.page * PAGE_SIZE, rows.len());
    let range = match shown {
        0 => "0 entities".to_owned(),
        shown => format!("{}–{} of {total}", first + 1, first + shown),
    };
    let empty = rows.is_empty();
    let table = match (empty, catalog_total) {
        (false, _) => table::table(state, rows, total, range).into_any(),
        (true, 0) => nothing_yet().into_any(),
        (true, _) => no_match(state).into_any(),
    };
    let facets = filters::facets(state, facets, mine, starred);
    let chips = filters::chips(state);
    view! {
        <aside class="catalog-facets" aria-label="Filters" tabindex="0">
            <FilterFold>{facets}</FilterFold>
        </aside>
        <section class="catalog-list" aria-label="Entities">
            {chips}
            {table}
        </section>
    }
    .into_any()
}

fn nothing_yet() -> impl IntoView {
    view! {
        <EmptyState
            icon=Icon::Box
            title="The catalog is empty"
            text="Register the catalog-info.yaml of a repository, or name locations in the \
                  configuration. Entities appear here as soon as they have been read."
        >
            {register_link("Register a location")}
        </EmptyState>
    }
}

/// Where locations are registered, for those who may.
fn register_link(label: &'static str) -> Option<impl IntoView> {
    let may = expect_context::<Session>().may(Right::Register);
    may.then(|| view! { <ButtonLink href=paths::REGISTER icon=Icon::Plus>{label}</ButtonLink> })
}

fn no_match(state: &TableState) -> impl IntoView + use<> {
    let (cleared, search) = (state.cleared().href(), paths::search(&state.query.text));
    view! {
        <EmptyState
            icon=Icon::Search
            title="Nothing matches these filters"
            text="Remove a filter, or search all text of the catalog instead."
        >
            <ButtonLink href=cleared>"Clear all filters"</ButtonLink>
            <ButtonLink href=search>"Search everything"</ButtonLink>
        </EmptyState>
    }
}
