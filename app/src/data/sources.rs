//! Sources and their problems, for whoever keeps the catalog healthy.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, ProblemView, UiError};

/// How many rows a page of sources or problems has.
pub const SOURCES_PAGE: usize = 50;

/// A source with its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// `type:target`.
    pub source: String,
    /// Last successful read, in milliseconds since the epoch.
    pub read_at: Option<i64>,
    /// Next planned read, in milliseconds since the epoch.
    pub next_read_at: i64,
    /// Failed reads in a row.
    pub failures: i32,
    /// Entities that come from it.
    pub entities: i64,
    /// Problems it has.
    pub problems: i64,
}

/// The sources page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcesView {
    /// One page of sources.
    pub sources: Vec<SourceRow>,
    /// How many there are in all.
    pub sources_total: u64,
    /// One page of problems.
    pub problems: Vec<ProblemView>,
    /// How many there are in all.
    pub problems_total: u64,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// One page of sources and one of problems.
#[server(prefix = "/_ui", endpoint = "sources", input = Json, output = Json)]
pub async fn load_sources(sources_page: u32, problems_page: u32) -> Result<SourcesView, UiError> {
    let context = super::server_context()?;
    let (catalog, who) = (&context.catalog, &context.principal);
    let (sources, sources_total) = catalog
        .source_statuses(who, sources_page as usize * SOURCES_PAGE, SOURCES_PAGE)
        .await?;
    let (problems, problems_total) = catalog
        .problems(
            who,
            None,
            problems_page as usize * SOURCES_PAGE,
            SOURCES_PAGE,
        )
        .await?;
    Ok(SourcesView {
        sources: sources
            .into_iter()
            .map(|source| SourceRow {
                source: source.key.to_string(),
                read_at: source.read_at,
                next_read_at: source.next_read_at,
                failures: source.failures,
                entities: source.entities,
                problems: source.problems,
            })
            .collect(),
        sources_total,
        problems: problems
            .iter()
            .map(|found| ProblemView::of(&found.source, &found.problem))
            .collect(),
        problems_total,
        now: super::now_millis(),
    })
}
