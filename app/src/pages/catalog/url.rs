//! The table's state as a URL, and back: everything that can be seen can be linked to.

use leptos_router::params::ParamsMap;

use crate::data::catalog::CatalogQuery;
use crate::paths;

/// The facets, in the order they are shown and written.
pub(super) const FACETS: [&str; 6] = ["kind", "type", "owner", "lifecycle", "system", "tag"];

/// Columns that can be hidden: id in the URL and heading.
pub(super) const COLUMNS: [(&str, &str); 4] = [
    ("type", "Type"),
    ("owner", "Owner"),
    ("system", "System"),
    ("lifecycle", "Lifecycle"),
];

/// What the URL asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableState {
    /// What is listed.
    pub(super) query: CatalogQuery,
    /// Ids of the columns that are hidden.
    pub(super) hidden: Vec<String>,
}

impl TableState {
    /// Reads the URL. What makes no sense counts as not written.
    pub(super) fn read(params: &ParamsMap) -> Self {
        let text = |name: &str| params.get(name).unwrap_or_default();
        let flag = |name: &str| params.get(name).is_some_and(|value| value == "true");
        let chosen = FACETS
            .iter()
            .filter_map(|&facet| {
                let values: Vec<String> = params
                    .get_all(facet)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|value| value.to_lowercase())
                    .filter(|value| !value.is_empty())
                    .collect();
                (!values.is_empty()).then(|| (facet.to_owned(), values))
            })
            .collect();
        let page: usize = text("page").parse().unwrap_or(1);
        Self {
            query: CatalogQuery {
                text: text("q"),
                chosen,
                whole: params.get_all("all").unwrap_or_default(),
                mine: flag("mine"),
                starred: flag("starred"),
                sort: text("sort"),
                descending: flag("desc"),
                page: page.saturating_sub(1),
            },
            hidden: params.get_all("hide").unwrap_or_default(),
        }
    }

    /// The URL of this state.
    pub(super) fn href(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        let query = &self.query;
        if !query.text.is_empty() {
            pairs.push(("q", query.text.clone()));
        }
        for facet in FACETS {
            for value in self.chosen(facet) {
                pairs.push((facet, value.clone()));
            }
        }
        for (name, set) in [
            ("mine", query.mine),
            ("starred", query.starred),
            ("desc", query.descending),
        ] {
            if set {
                pairs.push((name, "true".to_owned()));
            }
        }
        pairs.extend(query.whole.iter().map(|id| ("all", id.clone())));
        if !query.sort.is_empty() {
            pairs.push(("sort", query.sort.clone()));
        }
        if query.page > 0 {
            pairs.push(("page", (query.page + 1).to_string()));
        }
        pairs.extend(self.hidden.iter().map(|column| ("hide", column.clone())));
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", paths::encode(value)))
            .collect();
        match pairs.is_empty() {
            true => paths::CATALOG.to_owned(),
            false => format!("{}?{}", paths::CATALOG, pairs.join("&")),
        }
    }

    /// The values chosen for a facet.
    pub(super) fn chosen(&self, facet: &str) -> &[String] {
        let found = self.query.chosen.iter().find(|(id, _)| id == facet);
        found.map_or(&[], |(_, values)| values)
    }

    /// The same table with a facet value chosen, or not any more.
    pub(super) fn toggled(&self, facet: &str, value: &str) -> Self {
        let mut next = self.first_page();
        let at = next.query.chosen.iter().position(|(id, _)| id == facet);
        match at.and_then(|at| next.query.chosen.get_mut(at)) {
            Some((_, values)) => match values.iter().position(|chosen| chosen == value) {
                Some(at) => {
                    values.remove(at);
                }
                None => values.push(value.to_owned()),
            },
            None => next
                .query
                .chosen
                .push((facet.to_owned(), vec![value.to_owned()])),
        }
        next.query.chosen.retain(|(_, values)| !values.is_empty());
        next
    }

    /// Whether a facet is shown with all its values.
    pub(super) fn is_whole(&self, facet: &str) -> bool {
        self.query.whole.iter().any(|id| id == facet)
    }

    /// The same table with all values of a facet shown, or not any more.
    pub(super) fn unfolded(&self, facet: &str) -> Self {
        let mut next = self.clone();
        next.query.whole.retain(|id| id != facet);
        if !self.is_whole(facet) {
            next.query.whole.push(facet.to_owned());
        }
        next
    }

    /// The same table sorted by a column, or the other way round when it is already.
    pub(super) fn sorted_by(&self, column: &str) -> Self {
        let mut next = self.first_page();
        let same = self.sort_column() == column;
        next.query.descending = same && !self.query.descending;
        next.query.sort = if column == "name" {
            String::new()
        } else {
            column.to_owned()
        };
        next
    }

    /// The column the table is sorted by.
    pub(super) fn sort_column(&self) -> &str {
        match self.query.sort.as_str() {
            "" => "name",
            column => column,
        }
    }

    /// The same table with a column shown or hidden.
    pub(super) fn with_column(&self, column: &str, shown: bool) -> Self {
        let mut next = self.clone();
        next.hidden.retain(|hidden| hidden != column);
        if !shown {
            next.hidden.push(column.to_owned());
        }
        next
    }

    /// Whether a column is shown.
    pub(super) fn shows(&self, column: &str) -> bool {
        !self.hidden.iter().any(|hidden| hidden == column)
    }

    /// The same table on another page, from 0.
    pub(super) fn on_page(&self, page: usize) -> Self {
        let mut next = self.clone();
        next.query.page = page;
        next
    }

    /// The same table from its first row.
    pub(super) fn first_page(&self) -> Self {
        self.on_page(0)
    }

    /// The same table without any filter.
    pub(super) fn cleared(&self) -> Self {
        let mut next = self.first_page();
        next.query.text.clear();
        next.query.chosen.clear();
        next.query.mine = false;
        next.query.starred = false;
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> TableState {
        let mut params = ParamsMap::new();
        for (name, value) in pairs {
            params.insert((*name).to_owned(), (*value).to_owned());
        }
        TableState::read(&params)
    }

    #[test]
    fn a_state_survives_its_url() {
        let state = read(&[
            ("kind", "API"),
            ("kind", "component"),
            ("q", "a b"),
            ("page", "3"),
        ]);
        assert_eq!(state.chosen("kind"), ["api", "component"]);
        assert_eq!(
            state.href(),
            "/catalog?q=a+b&kind=api&kind=component&page=3"
        );
    }

    #[test]
    fn choosing_twice_is_not_choosing_and_starts_at_the_first_page() {
        let state = read(&[("page", "3")]);
        let chosen = state.toggled("type", "service");
        assert_eq!(chosen.href(), "/catalog?type=service");
        assert_eq!(chosen.toggled("type", "service").href(), "/catalog");
    }

    #[test]
    fn a_facet_unfolds_and_folds_where_the_table_is() {
        let state = read(&[("page", "3")]);
        let unfolded = state.unfolded("owner");
        assert_eq!(unfolded.href(), "/catalog?all=owner&page=3");
        assert_eq!(unfolded.unfolded("owner"), state);
    }

    #[test]
    fn sorting_by_the_same_column_turns_it_round() {
        let once = read(&[]).sorted_by("owner");
        assert_eq!(once.href(), "/catalog?sort=owner");
        assert_eq!(
            once.sorted_by("owner").href(),
            "/catalog?desc=true&sort=owner"
        );
        assert_eq!(read(&[]).sorted_by("name").href(), "/catalog?desc=true");
    }

    #[test]
    fn nonsense_in_the_url_is_ignored() {
        let state = read(&[("page", "minus one"), ("mine", "perhaps"), ("nope", "x")]);
        assert_eq!(state, TableState::default());
    }
}
