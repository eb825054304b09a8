//! The table of entities that people browse: filters, facets with counts, one page of rows.

use std::collections::HashSet;

use portico_access::Principal;
use portico_index::{Direction, FullText, Index, Label, Query, Start};
use portico_model::{EntityRef, Predicate};

use crate::{
    Catalog,
    error::Result,
    listing_facets::{Facet, FacetField, facets},
    visible::Visible,
};

/// Where the name that a person types is looked for.
const NAMES: [&str; 3] = [
    "metadata.name",
    "metadata.title",
    "spec.profile.displayname",
];

/// What the table is asked for.
#[derive(Clone, Debug, Default)]
pub struct ListingQuery {
    /// Text that the name or title must contain; blank matches everything.
    pub text: String,
    /// Chosen values of facets; values of one facet are alternatives.
    pub chosen: Vec<(FacetField, Vec<String>)>,
    /// Facets that are wanted with all their values, not just the most frequent.
    pub whole: Vec<FacetField>,
    /// Only what the person, or a group of theirs, owns.
    pub mine: bool,
    /// Only what the person starred.
    pub starred: bool,
    /// What the rows are sorted by; entities without it come last, by reference.
    pub sort: ListingSort,
    /// Sorts the other way round.
    pub descending: bool,
    /// How many rows to skip.
    pub offset: usize,
    /// How many rows to return at most.
    pub limit: usize,
}

/// A column that the table can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListingSort {
    /// `metadata.name`.
    #[default]
    Name,
    /// `kind`.
    Kind,
    /// `spec.type`.
    Type,
    /// `spec.owner`.
    Owner,
    /// `spec.lifecycle`.
    Lifecycle,
}

/// One page of the table, with everything beside it.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The rows of this page.
    pub rows: Vec<Label>,
    /// How many entities match in all.
    pub total: u64,
    /// The facets, in the order they are shown.
    pub facets: Vec<Facet>,
    /// How many entities the person, or a group of theirs, owns.
    pub mine: u64,
    /// How many entities the person starred.
    pub starred: u64,
}

impl Catalog {
    /// One page of the catalog's table for a person who starred the refs `starred`.
    ///
    /// Rows and all counts are of one moment.
    pub fn listing(
        &self,
        who: &Principal,
        query: &ListingQuery,
        starred: &HashSet<String>,
    ) -> Result<Listing> {
        let scope = self.sight(who)?;
        let (mine, favourites) = (owned_by(who), any_of(starred));
        let base = base(query, &mine, &favourites);
        Ok(self.read_model().read(|state| {
            let index = &state.index;
            let visible = state.visible(&scope);
            let (rows, total) = rows(index, query, &base, &visible);
            Listing {
                rows,
                total,
                facets: facets(index, query, &base, &visible),
                mine: visible.select(index, &mine).len(),
                starred: visible.select(index, &favourites).len(),
            }
        }))
    }
}

/// What narrows the table beside the facets.
fn base(query: &ListingQuery, mine: &Predicate, favourites: &Predicate) -> Predicate {
    let mut all = Vec::new();
    if query.mine {
        all.push(mine.clone());
    }
    if query.starred {
        all.push(favourites.clone());
    }
    Predicate::All(all)
}

/// The index's form of a listing: what `predicate` leaves of the text's matches.
pub(crate) fn matching<'a>(
    query: &ListingQuery,
    predicate: Predicate,
    visible: &'a Visible,
) -> Query<'a> {
    let term = query.text.trim();
    Query {
        predicate,
        full_text: (!term.is_empty()).then(|| FullText {
            term: term.to_owned(),
            fields: NAMES.map(str::to_owned).to_vec(),
        }),
        order: Vec::new(),
        start: Start::Offset(0),
        limit: 0,
        within: visible.within(),
    }
}

/// The page's rows and how many there are in all. The index leaves entities without the
/// sort key out; a table that loses rows when it is sorted would be wrong, so they follow.
pub(crate) fn rows(
    index: &Index,
    query: &ListingQuery,
    base: &Predicate,
    visible: &Visible,
) -> (Vec<Label>, u64) {
    let all_of_it = matching(query, FacetField::all_chosen(query, base, None), visible);
    let sorted = Query {
        order: vec![(query.sort.key().to_owned(), query.direction())],
        start: Start::Offset(query.offset),
        limit: query.limit,
        ..all_of_it.clone()
    };
    let page = index.query(&sorted);
    let all = index.all_matching(&all_of_it);
    let mut slots = page.slots;
    if slots.len() < query.limit && page.total < all.len() {
        let unsorted = &all - &index.all_matching(&sorted);
        let skipped = query.offset.saturating_sub(page.total as usize);
        let rest = index.query(&Query {
            start: Start::Offset(skipped),
            limit: query.limit - slots.len(),
            within: Some(&unsorted),
            ..matching(&ListingQuery::default(), Predicate::Always, visible)
        });
        slots.extend(rest.slots);
    }
    let labels = slots
        .into_iter()
        .filter_map(|slot| index.label(slot).cloned());
    (labels.collect(), all.len())
}

/// What the person, or a group of theirs, owns.
fn owned_by(who: &Principal) -> Predicate {
    match who.claims() {
        [] => Predicate::Never,
        claims => Predicate::In("relations.ownedby".to_owned(), claims.to_vec()),
    }
}

/// The entities with these references.
fn any_of(refs: &HashSet<String>) -> Predicate {
    let any = refs.iter().filter_map(|text| {
        let entity_ref = EntityRef::parse(text, None, EntityRef::DEFAULT_NAMESPACE).ok()?;
        let is = |key: &str, value: &str| Predicate::In(key.to_owned(), vec![value.to_owned()]);
        Some(Predicate::All(vec![
            is("metadata.name", entity_ref.name()),
            is("kind", entity_ref.kind()),
            is("metadata.namespace", entity_ref.namespace()),
        ]))
    });
    Predicate::Any(any.collect())
}

impl ListingQuery {
    /// The chosen values of one facet.
    pub fn chosen_of(&self, field: FacetField) -> &[String] {
        self.chosen
            .iter()
            .find(|(chosen, _)| *chosen == field)
            .map_or(&[], |(_, values)| values)
    }

    fn direction(&self) -> Direction {
        if self.descending {
            Direction::Desc
        } else {
            Direction::Asc
        }
    }
}

impl ListingSort {
    /// The column with this id in URLs; the name for any other.
    pub fn from_id(id: &str) -> Self {
        match id {
            "kind" => Self::Kind,
            "type" => Self::Type,
            "owner" => Self::Owner,
            "lifecycle" => Self::Lifecycle,
            _ => Self::Name,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Name => "metadata.name",
            Self::Kind => "kind",
            Self::Type => "spec.type",
            Self::Owner => "spec.owner",
            Self::Lifecycle => "spec.lifecycle",
        }
    }
}
