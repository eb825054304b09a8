//! How many entities have each value of a field.

use portico_access::Principal;
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
        let scope = self.sight(who)?;
        Ok(self.read_model().read(|state| {
            let visible = state.visible(&scope);
            let within = visible.matching(state, predicate);
            let mut facets = state.index.facets(keys, within.as_ref());
            for (key, counts) in keys.iter().zip(&mut facets) {
                counts.retain(|(value, _)| visible.knows(&state.index, key, value));
            }
            facets
        }))
    }
}
