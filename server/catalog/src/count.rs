//! How many entities there are of some sort.

use portico_model::Predicate;

use crate::Catalog;

impl Catalog {
    /// How many entities match, for those who may know of all of them.
    pub fn count(&self, predicate: &Predicate) -> u64 {
        self.read_model()
            .read(|state| state.index.select(predicate).len())
    }
}
