//! How many entities have each value of a field.

use portico_access::{Action, Principal, Resource};
use portico_index::{FullText, Query, Start};
use portico_model::Predicate;

use crate::{Catalog, error::Result};

/// The values of one field with the number of entities that have each.
pub type FacetCounts = Vec<(String, u64)>;

impl Catalog {
    /// Counts the values of each field in `keys` over the entities that match.
    pub fn facets(
        &self,
        who: &Principal,
        keys: &[String],
        predicate: &Predicate,
    ) -> Result<Vec<FacetCounts>> {
        self.require(who, Action::EntityRead, &Resource::Any)?;
        Ok(self.read_model().read(|state| match predicate {
            Predicate::Always => state.index.facets(keys, None),
            predicate => state
                .index
                .facets(keys, Some(&state.index.select(predicate))),
        }))
    }

    /// Counts the values of one field over the entities that match and whose text
    /// fields contain a term.
    pub fn text_facet(
        &self,
        who: &Principal,
        key: &str,
        predicate: &Predicate,
        full_text: Option<&FullText>,
    ) -> Result<FacetCounts> {
        self.require(who, Action::EntityRead, &Resource::Any)?;
        Ok(self.read_model().read(|state| {
            let within = state.index.all_matching(&Query {
                predicate: predicate.clone(),
                full_text: full_text.cloned(),
                order: Vec::new(),
                start: Start::Offset(0),
                limit: 0,
                within: None,
            });
            state
                .index
                .facets(&[key], Some(&within))
                .into_iter()
                .next()
                .unwrap_or_default()
        }))
    }
}
