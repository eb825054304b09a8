//! Reading the relations of an entity.

use portico_model::RelationType;
use roaring::RoaringBitmap;

use crate::{Index, Slot, slot_set::SlotSet};

/// Up to this many targets are sorted by their text; more, by their rank in
/// the order of all references, which may have to be brought up to date first.
const SORTED_BY_TEXT: u64 = 64;

impl Index {
    /// An entity's relations, sorted by type name and then by target. Targets
    /// need not exist.
    pub fn relations(&self, slot: Slot) -> Vec<(RelationType, &str)> {
        let mut relations = Vec::new();
        for (kind, targets) in self.edges(slot) {
            let targets = self.sorted_by_ref(targets).into_iter();
            relations.extend(targets.map(|target| (*kind, self.graph.entity_ref(target))));
        }
        relations
    }

    /// The targets of an entity's relations of one type, sorted. Those of other types cost
    /// nothing, be they thousands.
    pub fn related(&self, slot: Slot, kind: RelationType) -> Vec<&str> {
        let edges = self.edges(slot).iter().find(|(other, _)| *other == kind);
        let targets = edges.map(|(_, targets)| self.sorted_by_ref(targets));
        let targets = targets.unwrap_or_default().into_iter();
        targets.map(|it| self.graph.entity_ref(it)).collect()
    }

    /// How many relations of each type an entity has, by type name.
    pub fn relation_counts(&self, slot: Slot) -> Vec<(RelationType, u64)> {
        self.edges(slot)
            .iter()
            .map(|(kind, targets)| (*kind, targets.len()))
            .collect()
    }

    /// A part of an entity's relations of one type: each target, with its slot
    /// if it exists, sorted by reference; and how many there are in all. Targets that exist
    /// and are not `within` are left out.
    pub fn relation_page(
        &self,
        slot: Slot,
        kind: RelationType,
        (offset, limit): (usize, usize),
        within: Option<&RoaringBitmap>,
    ) -> (Vec<(&str, Option<Slot>)>, u64) {
        let Some((_, targets)) = self.edges(slot).iter().find(|(other, _)| *other == kind) else {
            return (Vec::new(), 0);
        };
        let shows = |target: &Slot| {
            within.is_none_or(|within| within.contains(*target) || !self.live.contains(*target))
        };
        let total = match within {
            None => targets.len(),
            Some(_) => targets.iter().filter(shows).count() as u64,
        };
        let page = self
            .sorted_by_ref(targets)
            .into_iter()
            .filter(shows)
            .skip(offset)
            .take(limit);
        let shown = page.map(|target| {
            (
                self.graph.entity_ref(target),
                Some(target).filter(|&target| self.live.contains(target)),
            )
        });
        (shown.collect(), total)
    }

    fn edges(&self, slot: Slot) -> &[(RelationType, SlotSet)] {
        if self.live.contains(slot) {
            self.graph.edges(slot)
        } else {
            &[]
        }
    }

    fn sorted_by_ref(&self, slots: &SlotSet) -> Vec<Slot> {
        let mut sorted: Vec<Slot> = slots.iter().collect();
        if slots.len() <= SORTED_BY_TEXT {
            sorted.sort_unstable_by_key(|&slot| self.graph.entity_ref(slot));
            return sorted;
        }
        let order = self.sorting(None).order;
        let mut ranks: Vec<u32> = sorted.iter().filter_map(|&slot| order.rank(slot)).collect();
        ranks.sort_unstable();
        sorted.clear();
        sorted.extend(ranks.into_iter().map(|rank| order.slots()[rank as usize]));
        sorted
    }
}
