//! Full-text search with highlights, live as one types.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::load::loaded;
use crate::components::{
    EmptyState, EntityLink, FacetGroup, FacetOption, FilterFold, Icon, OwnerChip, PageHeader,
    Pagination, SearchBox,
};
use crate::data::search::{SEARCH_PAGE, SearchHit, SearchView, search};
use crate::kind::KindStyle;
use crate::paths;

/// What the URL asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    term: String,
    kind: Option<String>,
    page: u32,
}

impl Asked {
    fn href(&self) -> String {
        let mut href = paths::search(&self.term);
        if let Some(kind) = &self.kind {
            href.push_str(&format!("&kind={}", paths::encode(kind)));
        }
        if self.page > 0 {
            href.push_str(&format!("&page={}", self.page + 1));
        }
        href
    }
}

/// The search page.
#[component]
pub fn SearchPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| {
        let params = params.read();
        let page: u32 = params
            .get("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        Asked {
            term: params.get("q").unwrap_or_default(),
            kind: params.get("kind").filter(|kind| !kind.is_empty()),
            page: page.saturating_sub(1),
        }
    });
    let data = Resource::new_blocking(
        move || asked.get(),
        |asked| search(asked.term, asked.kind, asked.page),
    );
    let term = Signal::derive(move || asked.read().term.clone());
    let navigate = use_navigate();
    let on_type = Callback::new(move |typed: String| {
        let next = Asked {
            term: typed,
            page: 0,
            ..asked.get_untracked()
        };
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&next.href(), options);
    });
    view! {
        <PageHeader title="Search"/>
        <div class="catalog">
            <div class="catalog-bar">
                <SearchBox label="Search the catalog" action=paths::SEARCH value=term on_type/>
            </div>
            {loaded(data, move |view: SearchView| content(&asked.get(), view))}
        </div>
    }
}

fn content(asked: &Asked, view: SearchView) -> AnyView {
    let kinds = view
        .kinds
        .into_iter()
        .map(|(kind, count)| {
            let folded = kind.to_lowercase();
            let selected = asked.kind.as_deref() == Some(folded.as_str());
            let kind = (!selected).then_some(folded.clone());
            FacetOption {
                label: KindStyle::label_of(&folded),
                count,
                selected,
                href: Asked {
                    kind,
                    page: 0,
                    ..asked.clone()
                }
                .href(),
            }
        })
        .collect();
    let first = asked.page as usize * SEARCH_PAGE;
    let shown = view.hits.len();
    let range = format!("{}–{} of {}", first + 1, first + shown, view.total);
    let previous = (asked.page > 0).then(|| {
        Asked {
            page: asked.page - 1,
            ..asked.clone()
        }
        .href()
    });
    let next = (first + shown < view.total).then(|| {
        Asked {
            page: asked.page + 1,
            ..asked.clone()
        }
        .href()
    });
    let results = if view.hits.is_empty() {
        view! {
            <EmptyState
                icon=Icon::Search
                title="Nothing found"
                text="Every word must begin a word of the entity's name, title, description, tags \
                      or owner. Try fewer or shorter words."
            />
        }
        .into_any()
    } else {
        let hits = view.hits.into_iter().map(hit).collect_view();
        view! {
            <ol class="hits">{hits}</ol>
            <Pagination range previous=previous next=next/>
        }
        .into_any()
    };
    view! {
        <aside class="catalog-facets" aria-label="Filters" tabindex="0">
            <FilterFold><FacetGroup title="Kind" options=kinds/></FilterFold>
        </aside>
        <section class="catalog-list" aria-label="Results" aria-live="polite">{results}</section>
    }
    .into_any()
}

fn hit(hit: SearchHit) -> impl IntoView {
    let entity = hit.entity;
    view! {
        <li class="hit">
            <div class="hit-head" data-row-link="">
                <EntityLink entity_ref=entity.reference() title=entity.title.clone()/>
                {entity.owner.as_ref().map(|owner| view! {
                    <OwnerChip entity_ref=owner.reference() title=owner.title.clone()/>
                })}
            </div>
            <p class="hit-text">{marked(hit.text)}</p>
            <p class="mono hit-ref">{entity.entity_ref.clone()}</p>
        </li>
    }
}

fn marked(pieces: Vec<(String, bool)>) -> impl IntoView {
    pieces
        .into_iter()
        .map(|(text, matched)| match matched {
            true => view! { <mark>{text}</mark> }.into_any(),
            false => text.into_any(),
        })
        .collect_view()
}
