//! The start page: the person's own things first.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{EntityLabel, EntitySummary, Json, ProblemView, UiError};

/// How many entities a section of the start page shows.
pub const HOME_SECTION: usize = 8;

/// Kinds that people work on, which the start page lists.
pub const WORKED_ON: [&str; 5] = ["component", "api", "resource", "system", "template"];

/// The start page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    /// What the person, or a group of theirs, owns.
    pub mine: Vec<EntitySummary>,
    /// How much that is in all.
    pub mine_total: u64,
    /// What they starred.
    pub starred: Vec<EntitySummary>,
    /// Problems of what they own, or of the whole catalog for administrators.
    pub problems: Vec<ProblemView>,
    /// How many problems there are.
    pub problems_total: u64,
    /// How many entities there are of each kind.
    pub kinds: Vec<(String, u64)>,
    /// What tasks wait for, until the person decides.
    pub waiting: Vec<WaitingView>,
}

/// A task that goes on when the person agrees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingView {
    /// The task.
    pub task_id: String,
    /// What its template is called.
    pub title: String,
    /// Who wants it.
    pub created_by: EntityLabel,
    /// When it was asked, in milliseconds since the epoch.
    pub asked_at: i64,
    /// The server's clock, likewise.
    pub now: i64,
}

/// The start page's data.
#[server(prefix = "/_ui", endpoint = "home", input = Json, output = Json)]
pub async fn load_home() -> Result<HomeView, UiError> {
    server::view(&super::server_context()?).await
}

#[cfg(feature = "ssr")]
mod server {
    use portico_access::{Action, Resource};
    use portico_catalog::{Direction, EntityQuery, Label};
    use portico_model::Predicate;

    use super::{HOME_SECTION, HomeView, WORKED_ON, WaitingView};
    use crate::{
        ServerContext,
        data::{EntityLabel, EntitySummary, ProblemView, UiError, now_millis, stars},
    };

    pub(super) async fn view(context: &ServerContext) -> Result<HomeView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let starred = stars::starred_refs(context).await?;
        let summary = |label: &Label| {
            EntitySummary::of(catalog, who, label, starred.contains(&*label.entity_ref))
        };
        let claims = who.claims().to_vec();
        let is = |key: &str, values: Vec<String>| Predicate::In(key.to_owned(), values);
        let mine = catalog.labels(
            who,
            &EntityQuery {
                predicate: Predicate::All(vec![
                    is("relations.ownedby", claims),
                    is("kind", WORKED_ON.map(str::to_owned).to_vec()),
                ]),
                order: vec![("metadata.name".to_owned(), Direction::Asc)],
                limit: HOME_SECTION,
                ..EntityQuery::default()
            },
        )?;
        let mut starred_refs: Vec<String> = starred.iter().cloned().collect();
        starred_refs.sort_unstable();
        let labels = catalog.labels_of(who, &starred_refs)?;
        let starred_rows = starred_refs
            .iter()
            .filter_map(|name| labels.get(name))
            .take(HOME_SECTION)
            .map(summary)
            .collect();
        let kinds = catalog.facets(who, &["kind".to_owned()], &Predicate::Always)?;
        let (problems, problems_total) = catalog.problems(who, None, 0, HOME_SECTION).await?;
        Ok(HomeView {
            mine: mine.items.iter().map(summary).collect(),
            mine_total: mine.total,
            starred: starred_rows,
            problems: problems
                .iter()
                .map(|found| ProblemView::of(&found.source, &found.problem))
                .collect(),
            problems_total,
            kinds: kinds.into_iter().next().unwrap_or_default(),
            waiting: waiting(context).await,
        })
    }

    /// What waits for the person; nothing where they may not even look at tasks.
    async fn waiting(context: &ServerContext) -> Vec<WaitingView> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let Ok(tasks) = context.tasks() else {
            return Vec::new();
        };
        let may_look = catalog
            .authorizer()
            .allows(who, Action::TaskRead, &Resource::Any);
        if !may_look {
            return Vec::new();
        }
        let waiting = tasks.approvals_for(who).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the start page does not say what waits");
            Vec::new()
        });
        let views = waiting
            .into_iter()
            .take(HOME_SECTION)
            .map(|it| WaitingView {
                task_id: it.task_id.to_string(),
                title: it.title,
                created_by: EntityLabel::of(catalog, who, &it.created_by),
                asked_at: it.asked_at,
                now: now_millis(),
            });
        views.collect()
    }
}
