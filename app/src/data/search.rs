//! Full-text search, for the search page and the command palette.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{EntitySummary, Json, UiError};

/// How many hits one page has.
pub const SEARCH_PAGE: usize = 25;

/// One hit, with matched words marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    /// The entity.
    pub entity: EntitySummary,
    /// The title in pieces: text and whether it matched.
    pub title: Vec<(String, bool)>,
    /// The description in pieces.
    pub text: Vec<(String, bool)>,
}

/// One page of hits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchView {
    /// The hits, best first.
    pub hits: Vec<SearchHit>,
    /// How many there are in all.
    pub total: usize,
    /// How many there are of each kind.
    pub kinds: Vec<(String, u64)>,
}

/// Entities that match every word of `term`, best first.
#[server(prefix = "/_ui", endpoint = "search", input = Json, output = Json)]
pub async fn search(term: String, kind: Option<String>, page: u32) -> Result<SearchView, UiError> {
    server::search(
        &super::server_context()?,
        &term,
        kind,
        page as usize,
        SEARCH_PAGE,
    )
}

/// The first few hits, while a person types.
#[server(prefix = "/_ui", endpoint = "suggest", input = Json, output = Json)]
pub async fn suggest(term: String) -> Result<SearchView, UiError> {
    server::search(&super::server_context()?, &term, None, 0, 8)
}

#[cfg(feature = "ssr")]
mod server {
    use portico_catalog::Marks;
    use portico_model::Predicate;

    use super::{SearchHit, SearchView};
    use crate::{
        ServerContext,
        data::{EntitySummary, UiError},
    };

    /// Marks no text contains: control characters of the private kind.
    const MARKS: Marks<'static> = Marks {
        pre: "\u{e000}",
        post: "\u{e001}",
    };

    pub(super) fn search(
        context: &ServerContext,
        term: &str,
        kind: Option<String>,
        page: usize,
        limit: usize,
    ) -> Result<SearchView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let within = match kind.filter(|kind| !kind.is_empty()) {
            Some(kind) => Predicate::In("kind".to_owned(), vec![kind.to_lowercase()]),
            None => Predicate::Always,
        };
        let offset = page.saturating_mul(limit);
        let found = catalog.search(who, term, &within, offset, limit, MARKS)?;
        let kinds = catalog.search_kinds(who, term)?;
        let hits = found
            .results
            .into_iter()
            .map(|result| SearchHit {
                title: pieces(result.title_highlight, result.label.display_name()),
                text: pieces(
                    result.text_highlight,
                    result.label.description.as_deref().unwrap_or_default(),
                ),
                entity: EntitySummary::of(catalog, who, &result.label, false),
            })
            .collect();
        Ok(SearchView {
            hits,
            total: found.total,
            kinds,
        })
    }

    /// Splits a marked text; an unmarked one is one piece.
    fn pieces(marked: Option<String>, plain: &str) -> Vec<(String, bool)> {
        let Some(marked) = marked else {
            return vec![(plain.to_owned(), false)];
        };
        let mut pieces = Vec::new();
        for (at, part) in marked.split(MARKS.pre).enumerate() {
            let (matched, rest) = match part.split_once(MARKS.post) {
                Some((matched, rest)) if at > 0 => (matched, rest),
                _ => ("", part),
            };
            if !matched.is_empty() {
                pieces.push((matched.to_owned(), true));
            }
            if !rest.is_empty() {
                pieces.push((rest.to_owned(), false));
            }
        }
        pieces
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn marked_texts_are_split_at_their_marks() {
            let marked = format!("a {}b{} c", MARKS.pre, MARKS.post);
            let expected = [
                ("a ".to_owned(), false),
                ("b".to_owned(), true),
                (" c".to_owned(), false),
            ];
            assert_eq!(pieces(Some(marked), ""), expected);
            assert_eq!(pieces(None, "plain"), [("plain".to_owned(), false)]);
        }
    }
}
