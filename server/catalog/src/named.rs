//! What has a name already, for those who are about to give it away.

use portico_access::Principal;
use portico_model::{EntityRef, Predicate};

use crate::{Catalog, Direction, EntityQuery, Label, error::Result};

/// How many entities are told of: one for each kind is plenty.
const MOST: usize = 20;

impl Catalog {
    /// The entities of the default namespace that have a name, of one kind or of any, as far as
    /// `who` may see them.
    pub fn named(&self, who: &Principal, name: &str, kind: Option<&str>) -> Result<Vec<Label>> {
        let is = |key: &str, value: &str| Predicate::In(key.to_owned(), vec![value.to_lowercase()]);
        let named = [
            is("metadata.name", name),
            is("metadata.namespace", EntityRef::DEFAULT_NAMESPACE),
        ];
        let kind = kind.map(|kind| is("kind", kind));
        let query = EntityQuery {
            predicate: Predicate::all(named.into_iter().chain(kind).collect()),
            order: vec![("kind".to_owned(), Direction::Asc)],
            limit: MOST,
            ..EntityQuery::default()
        };
        Ok(self.labels(who, &query)?.items)
    }
}
