//! How many entities have each value of a field.

use portico_access::{Action, Principal, Resource};
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
}
