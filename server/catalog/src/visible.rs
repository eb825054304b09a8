//! Who sees which entities. What somebody may not see does not exist for them.

use std::sync::Arc;

use portico_access::{Action, Principal, Resource, Scope};
use portico_index::{Index, Slot};
use portico_model::Predicate;
use quick_cache::sync::Cache;
use roaring::RoaringBitmap;

use crate::{Catalog, error::Result, read_model::State};

/// For how many scopes the entities are kept. A set of 100,000 takes some 12 KiB.
const KEPT: usize = 256;

/// Where the names of fields begin whose values are references.
const RELATIONS: &str = "relations.";

/// The entities that somebody sees.
#[derive(Clone, Debug)]
pub(crate) enum Visible {
    /// Each of them.
    Everything,
    /// These.
    These(Arc<RoaringBitmap>),
}

impl Visible {
    /// Whether they see one.
    pub(crate) fn sees(&self, slot: Slot) -> bool {
        self.within().is_none_or(|within| within.contains(slot))
    }

    /// What queries are narrowed to; `None` is everything.
    pub(crate) fn within(&self) -> Option<&RoaringBitmap> {
        match self {
            Self::Everything => None,
            Self::These(these) => Some(these),
        }
    }

    /// What they see that matches.
    pub(crate) fn select(&self, index: &Index, predicate: &Predicate) -> RoaringBitmap {
        match self.within() {
            None => index.select(predicate),
            Some(within) => index.select_within(predicate, within),
        }
    }

    /// What they see of a set of entities.
    pub(crate) fn of(&self, slots: RoaringBitmap) -> RoaringBitmap {
        match self {
            Self::Everything => slots,
            Self::These(these) => slots & &**these,
        }
    }

    /// What they see of what matches; `None` is everything there is.
    pub(crate) fn matching(&self, state: &State, predicate: &Predicate) -> Option<RoaringBitmap> {
        match (predicate, self) {
            (Predicate::Always, Self::Everything) => None,
            (Predicate::Always, Self::These(these)) => Some((**these).clone()),
            (predicate, _) => Some(self.select(&state.index, predicate)),
        }
    }
}

/// The entities of scopes, as long as nothing changes.
pub(crate) struct Sights(Cache<usize, Sight>);

#[derive(Clone)]
struct Sight {
    /// Held so that no other scope comes to be at the address that is the key.
    predicate: Arc<Predicate>,
    generation: u64,
    these: Arc<RoaringBitmap>,
}

impl Default for Sights {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl State {
    /// The entities of a scope.
    pub(crate) fn visible(&self, scope: &Scope) -> Visible {
        let predicate = match scope {
            Scope::Everything => return Visible::Everything,
            Scope::Nothing => return Visible::These(Arc::default()),
            Scope::Where(predicate) => predicate,
        };
        let key = Arc::as_ptr(predicate) as usize;
        if let Some(sight) = self.sights.0.get(&key)
            && sight.generation == self.generation
            && Arc::ptr_eq(&sight.predicate, predicate)
        {
            return Visible::These(sight.these);
        }
        let these = Arc::new(self.index.select(predicate));
        let sight = Sight {
            predicate: Arc::clone(predicate),
            generation: self.generation,
            these: Arc::clone(&these),
        };
        self.sights.0.insert(key, sight);
        Visible::These(these)
    }

    /// The slot of an entity that somebody sees.
    pub(crate) fn seen(&self, scope: &Scope, entity_ref: &str) -> Option<Slot> {
        let slot = self.index.slot(entity_ref)?;
        self.visible(scope).sees(slot).then_some(slot)
    }
}

impl Visible {
    /// Whether they may know a value of a field: not when it refers to what they do not see.
    pub(crate) fn knows(&self, index: &Index, field: &str, value: &str) -> bool {
        let start = field.get(..RELATIONS.len());
        if !start.is_some_and(|it| it.eq_ignore_ascii_case(RELATIONS)) {
            return true;
        }
        index.slot(value).is_none_or(|slot| self.sees(slot))
    }
}

impl Catalog {
    /// Which entities somebody sees. Fails when it is none at all.
    pub(crate) fn sight(&self, who: &Principal) -> Result<Scope> {
        self.require(who, Action::EntityRead, &Resource::Any)?;
        Ok(self.authorizer().scope(who, Action::EntityRead))
    }

    /// Whether somebody sees an entity, for whoever shows something that belongs to it.
    pub fn sees(&self, who: &Principal, entity_ref: &str) -> bool {
        let scope = self.authorizer().scope(who, Action::EntityRead);
        self.read_model()
            .read(|state| state.seen(&scope, entity_ref).is_some())
    }
}
