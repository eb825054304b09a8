//! Full-text search with highlights.

use portico_access::Principal;
use portico_index::Label;
use portico_model::Predicate;

use crate::{Catalog, error::Result};

/// One hit.
#[derive(Clone, Debug)]
pub struct SearchResult {
    /// The entity.
    pub label: Label,
    /// Rank in the whole result, from 1.
    pub rank: usize,
    /// Title with the matched words marked, when it matches.
    pub title_highlight: Option<String>,
    /// Description with the matched words marked, when it matches.
    pub text_highlight: Option<String>,
}

/// One page of hits.
#[derive(Clone, Debug)]
pub struct SearchPage {
    /// The hits, best first.
    pub results: Vec<SearchResult>,
    /// How many there are in all.
    pub total: usize,
}

/// Marks put around a matched word.
#[derive(Clone, Copy, Debug)]
pub struct Marks<'a> {
    /// Before the word.
    pub pre: &'a str,
    /// After it.
    pub post: &'a str,
}

impl Catalog {
    /// Entities that match every word of `term` by prefix, best first; every entity
    /// by name when `term` is blank.
    pub fn search(
        &self,
        who: &Principal,
        term: &str,
        within: &Predicate,
        offset: usize,
        limit: usize,
        marks: Marks<'_>,
    ) -> Result<SearchPage> {
        let scope = self.sight(who)?;
        Ok(self.read_model().read(|state| {
            let allowed = state.visible(&scope).matching(state, within);
            let hits = state.text.search(term, allowed.as_ref(), offset, limit);
            let results = hits
                .hits
                .iter()
                .enumerate()
                .filter_map(|(at, hit)| {
                    let label = state.index.label(hit.doc)?.clone();
                    let mark =
                        |text: &str| portico_search::highlight(text, term, marks.pre, marks.post);
                    Some(SearchResult {
                        rank: offset + at + 1,
                        title_highlight: mark(label.title.as_deref().unwrap_or(&label.name)),
                        text_highlight: label.description.as_deref().and_then(mark),
                        label,
                    })
                })
                .collect();
            SearchPage {
                results,
                total: hits.total as usize,
            }
        }))
    }

    /// How many hits `term` has of each kind.
    pub fn search_kinds(&self, who: &Principal, term: &str) -> Result<Vec<(String, u64)>> {
        let scope = self.sight(who)?;
        Ok(self.read_model().read(|state| {
            let matching = state.visible(&scope).of(state.text.matching(term));
            state
                .index
                .facets(&["kind"], Some(&matching))
                .into_iter()
                .next()
                .unwrap_or_default()
        }))
    }
}
