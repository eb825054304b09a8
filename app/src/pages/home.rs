//! The start page: the person's own things first.

use leptos::prelude::*;

use super::load::loaded;
use super::problem::problem_list;
use crate::components::{ButtonLink, Card, EmptyState, EntityLink, Icon, KindIcon, PageHeader};
use crate::data::EntitySummary;
use crate::data::home::{HomeView, WORKED_ON, WaitingView, load_home};
use crate::data::session::{Session, SessionUser};
use crate::kind::KindStyle;
use crate::pages::{ago::ago, lifecycle::Lifecycle};
use crate::paths;

/// The start page.
#[component]
pub fn HomePage() -> impl IntoView {
    let session = expect_context::<Session>();
    let data = Resource::new_blocking(|| (), |()| load_home());
    view! {
        <PageHeader title=greeting(session.user.as_ref()) description=session.organization/>
        {loaded(data, content)}
    }
}

/// Greets a person by their first name; the local administrator is no person.
fn greeting(user: Option<&SessionUser>) -> String {
    let first = user
        .filter(|user| user.entity_ref.is_some())
        .and_then(|user| user.title.split(' ').next());
    first.map_or_else(|| "Welcome".to_owned(), |first| format!("Hello, {first}"))
}

fn content(view: HomeView) -> AnyView {
    let kinds = view
        .kinds
        .into_iter()
        .map(|(kind, count)| kind_tile(&kind, count))
        .collect_view();
    view! {
        <div class="entity-columns">
            <div class="stack">
                <Card title="Mine" count=view.mine_total>
                    {match view.mine.is_empty() {
                        true => nothing_owned().into_any(),
                        false => view! {
                            <ul class="summary-list">{view.mine.into_iter().map(summary).collect_view()}</ul>
                            <a class="link text-sm card-more" href=mine_href()>"All of mine"</a>
                        }.into_any(),
                    }}
                </Card>
                {(view.problems_total > 0).then(|| view! {
                    <Card title="Problems in the catalog" count=view.problems_total>
                        {problem_list(view.problems, true)}
                        <a class="link text-sm card-more" href=paths::SOURCES>"All sources and problems"</a>
                    </Card>
                })}
            </div>
            <div class="stack">
                {(!view.waiting.is_empty()).then(|| waiting(view.waiting))}
                <Card title="Starred">
                    {match view.starred.is_empty() {
                        true => view! {
                            <p class="note">"Star what you look at often; it waits for you here."</p>
                        }.into_any(),
                        false => view! {
                            <ul class="summary-list">{view.starred.into_iter().map(summary).collect_view()}</ul>
                        }.into_any(),
                    }}
                </Card>
                <Card title="Catalog">
                    <ul class="kind-counts">{kinds}</ul>
                </Card>
            </div>
        </div>
    }
    .into_any()
}

/// What goes on when the person agrees.
fn waiting(waiting: Vec<WaitingView>) -> impl IntoView {
    let count = waiting.len() as u64;
    let rows = waiting.into_iter().map(|it| {
        let asked = ago(it.asked_at, it.now);
        view! {
            <li class="link-item">
                <Icon icon=Icon::Check/>
                <a class="link truncate" href=paths::task(&it.task_id)>{it.title}</a>
                <span class="note text-sm">{it.created_by.title} ", " {asked}</span>
            </li>
        }
    });
    view! {
        <Card title="Waiting for you" count=count>
            <ul class="link-list">{rows.collect_view()}</ul>
            <a class="link text-sm card-more" href=paths::APPROVALS>"All approvals"</a>
        </Card>
    }
}

/// The catalog's list of exactly what this card counts.
fn mine_href() -> String {
    let mut href = format!("{}?mine=true", paths::CATALOG);
    for kind in WORKED_ON {
        href.push_str("&kind=");
        href.push_str(kind);
    }
    href
}

fn nothing_owned() -> impl IntoView {
    view! {
        <EmptyState
            icon=Icon::Box
            title="Nothing is yours yet"
            text="What you or one of your groups owns appears here."
        >
            <ButtonLink href=paths::CATALOG>"Browse the catalog"</ButtonLink>
        </EmptyState>
    }
}

fn kind_tile(kind: &str, count: u64) -> impl IntoView + use<> {
    let style = KindStyle::of(kind);
    let label = if count == 1 {
        KindStyle::label_of(kind)
    } else {
        plural(kind)
    };
    view! {
        <li>
            <a class="kind-count" href=format!("{}?kind={}", paths::CATALOG, kind.to_lowercase())>
                <KindIcon style/>
                {label}
                <span class="tabular">{count}</span>
            </a>
        </li>
    }
}

fn plural(kind: &str) -> String {
    let style = KindStyle::of(kind);
    if style.key == "other" {
        kind.to_owned()
    } else {
        style.plural.to_owned()
    }
}

fn summary(entity: EntitySummary) -> impl IntoView {
    view! {
        <li class="summary">
            <div class="summary-text">
                <EntityLink entity_ref=entity.reference() title=entity.title.clone()/>
                {entity.description.clone().map(|text| view! { <p class="cell-description truncate">{text}</p> })}
            </div>
            {entity.lifecycle.clone().map(|stage| view! { <Lifecycle stage/> })}
        </li>
    }
}
