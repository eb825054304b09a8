//! Ordered pages of the entities that match.

use std::borrow::Cow;

use portico_model::{Predicate, flatten::lower};
use roaring::RoaringBitmap;

use crate::{
    Index, Slot,
    column::Test,
    field::Field,
    index::UID,
    page::{self, Place},
    select::narrow,
};

/// What to list.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// Which entities.
    pub predicate: Predicate,
    /// A text that one of some fields must contain.
    pub full_text: Option<FullText>,
    /// Sort keys. Only the first one counts, and entities without it are left
    /// out; without any the order is by entity reference.
    pub order: Vec<(String, Direction)>,
    /// Where the page begins.
    pub start: Start,
    /// How many entities the page has at most.
    pub limit: usize,
    /// The entities that may be seen at all; `None` is everything. Relations to others match
    /// nothing, and are no values to sort by.
    pub within: Option<&'a RoaringBitmap>,
}

/// A text that the value of one of some fields must contain, in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullText {
    /// The text; blank matches everything.
    pub term: String,
    /// The keys whose values are looked at. None means the sort key, or
    /// `metadata.uid` when there is no order.
    pub fields: Vec<String>,
}

/// Which way a sort goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first; entities whose value is null come last.
    Asc,
    /// Exactly the reverse.
    Desc,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// After this many entities.
    Offset(usize),
    /// Right after a place in the order.
    After(SortPosition),
    /// The page that ends right before a place in the order.
    Before(SortPosition),
}

/// A place in an order. It stays meaningful when the entity there is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortPosition {
    /// The lower-case value of the sort key; `None` for null or without an order.
    pub value: Option<String>,
    /// The full lower-case reference, which orders equal values.
    pub entity_ref: String,
}

/// One page of a query's result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The entities, in order.
    pub slots: Vec<Slot>,
    /// How many entities match in all.
    pub total: u64,
    /// The place of the first entity of the page.
    pub first: Option<SortPosition>,
    /// The place of the last entity of the page.
    pub last: Option<SortPosition>,
    /// Whether entities follow the page.
    pub has_next: bool,
    /// Whether entities precede the page.
    pub has_prev: bool,
}

impl Index {
    /// One page of the entities that match, in order.
    pub fn query<'a>(&'a self, query: &Query<'a>) -> Page {
        let (field, direction) = match query.order.first() {
            Some((key, direction)) => (Some(self.field(key, query.within)), *direction),
            None => (None, Direction::Asc),
        };
        let matching = self.matching(query, field);
        let sorting = self.sorting(field);
        let descending = direction == Direction::Desc;
        let place = match &query.start {
            Start::Offset(offset) => Place::Offset(*offset),
            Start::After(position) => Place::From(sorting.boundary(position, !descending)),
            Start::Before(position) => Place::Until(sorting.boundary(position, descending)),
        };
        let cut = page::cut(&sorting.order, &matching, direction, place, query.limit);
        Page {
            total: matching.len(),
            first: cut.slots.first().map(|&slot| sorting.position(slot)),
            last: cut.slots.last().map(|&slot| sorting.position(slot)),
            slots: cut.slots,
            has_next: cut.has_next,
            has_prev: cut.has_prev,
        }
    }

    /// Every entity that a query matches, whatever its page.
    pub fn all_matching(&self, query: &Query<'_>) -> RoaringBitmap {
        let field = query.order.first();
        let field = field.map(|(key, _)| self.field(key, query.within));
        self.matching(query, field).into_owned()
    }

    fn matching<'a>(
        &'a self,
        query: &Query<'a>,
        order: Option<Field<'a>>,
    ) -> Cow<'a, RoaringBitmap> {
        let mut matching = self.matches(&query.predicate, query.within);
        if let Some(within) = query.within {
            narrow(&mut matching, Cow::Borrowed(within));
        }
        if let Some(field) = order {
            narrow(&mut matching, self.having(field));
        }
        if let Some(full_text) = &query.full_text
            && let Some(found) = self.containing(full_text, query)
        {
            narrow(&mut matching, Cow::Owned(found));
        }
        matching
    }

    /// The entities with a value that contains a text; `None` when any would do.
    fn containing(&self, full_text: &FullText, query: &Query<'_>) -> Option<RoaringBitmap> {
        let term = lower(full_text.term.trim());
        if term.is_empty() {
            return None;
        }
        let sort_key = query.order.first().map(|(key, _)| key.as_str());
        let default = [sort_key.unwrap_or(UID)];
        let named: Vec<&str> = full_text.fields.iter().map(String::as_str).collect();
        let keys = if named.is_empty() {
            &default[..]
        } else {
            &named
        };
        let found = keys
            .iter()
            .map(|key| self.passing(self.field(key, query.within), [Test::Contains(&term)]));
        found.reduce(|a, b| a | b)
    }
}
