//! Which sources somebody may not know of: those of which they see no entity.

use std::collections::HashMap;

use portico_access::{Action, Principal, Scope};
use portico_model::annotations;
use portico_store::{SourceKey, SourceStatus};

use crate::{Catalog, error::Result};

/// What somebody may not know of sources.
pub(crate) struct Hidden {
    /// Ids of sources, and references of entities that have problems.
    pub(crate) names: Vec<String>,
    /// How many entities they see of each other source, by `type:target`.
    seen: HashMap<String, u64>,
}

impl Hidden {
    /// Counts what they see of a source.
    pub(crate) fn count(&self, status: &mut SourceStatus) {
        let seen = self.seen.get(&status.key.to_string());
        status.entities = seen.map_or(0, |&it| it.cast_signed());
    }
}

impl Catalog {
    /// What is to be left out when sources are listed; `None` when it is nothing. A source of
    /// which the catalog has no entity can be known: no policy speaks of it.
    pub(crate) async fn hidden_sources(&self, who: &Principal) -> Result<Option<Hidden>> {
        let scope = self.authorizer().scope(who, Action::EntityRead);
        if scope == Scope::Everything {
            return Ok(None);
        }
        let with_problems = self.store().entities_with_problems().await?;
        let key = [format!(
            "metadata.annotations.{}",
            annotations::MANAGED_BY_LOCATION
        )];
        Ok(Some(self.read_model().read(|state| {
            let visible = state.visible(&scope);
            let counted = |within| state.index.facets(&key, within).into_iter().flatten();
            let seen: HashMap<String, u64> = counted(visible.within()).collect();
            let sources = counted(None)
                .filter(|(source, _)| !seen.contains_key(source))
                .filter_map(|(source, _)| {
                    let (kind, target) = source.split_once(':')?;
                    let (kind, target) = (kind.to_owned(), target.to_owned());
                    Some(SourceKey { kind, target }.id())
                });
            let entities = with_problems.into_iter().filter(|name| {
                let slot = state.index.slot(name);
                slot.is_some_and(|slot| !visible.sees(slot))
            });
            Hidden {
                names: sources.chain(entities).collect(),
                seen,
            }
        })))
    }
}
