//! Sorted orders of entities: built on first use, then kept up to date.

use std::{cmp::Ordering, sync::Arc};

use parking_lot::Mutex;

use crate::{Slot, columns::KeyId};

/// How many orders by a key are kept. A client may sort by anything; only
/// what is asked for often deserves memory.
const KEPT: usize = 16;

/// The rank of a slot that is not in the order.
const NONE: u32 = u32::MAX;

/// Slots in ascending order, and where each one is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    slots: Vec<Slot>,
    ranks: Vec<u32>,
}

/// What slots are sorted by.
pub(crate) trait SortBy {
    /// Whether the slot belongs into the order.
    fn includes(&self, slot: Slot) -> bool;

    /// Compares two slots that belong into the order; equal only when the same.
    fn compare(&self, a: Slot, b: Slot) -> Ordering;

    /// All slots that belong into the order, sorted.
    fn sorted(&self) -> Vec<Slot>;
}

/// The orders in use, with the slots that must be put in place again.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    by_ref: Mutex<Option<Cached>>,
    /// Least recently used first.
    by_key: Mutex<Vec<(KeyId, Cached)>>,
}

#[derive(Debug)]
struct Cached {
    order: Arc<Order>,
    pending: Vec<Slot>,
}

impl Order {
    /// The order by `by`.
    pub(crate) fn of(by: &impl SortBy) -> Self {
        let mut order = Self {
            slots: by.sorted(),
            ranks: Vec::new(),
        };
        order.rank_from(0);
        order
    }

    /// The slots, ascending.
    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Where a slot is, if it is in the order.
    pub(crate) fn rank(&self, slot: Slot) -> Option<u32> {
        self.ranks
            .get(slot as usize)
            .copied()
            .filter(|&rank| rank != NONE)
    }

    /// Puts the `moved` slots where they belong now.
    fn reposition(&mut self, mut moved: Vec<Slot>, by: &impl SortBy) {
        moved.sort_unstable();
        moved.dedup();
        let mut first_changed = self.slots.len();
        let mut gone: Vec<u32> = moved.iter().filter_map(|&slot| self.rank(slot)).collect();
        gone.sort_unstable();
        if let Some(&first) = gone.first() {
            first_changed = first as usize;
            let mut at = first;
            let mut gone = gone.into_iter().peekable();
            let mut kept = self.slots.split_off(first_changed);
            kept.retain(|_| {
                let stays = gone.next_if_eq(&at).is_none();
                at += 1;
                stays
            });
            self.slots.append(&mut kept);
        }
        for &slot in &moved {
            if let Some(rank) = self.ranks.get_mut(slot as usize) {
                *rank = NONE;
            }
        }

        moved.retain(|&slot| by.includes(slot));
        moved.sort_by(|&a, &b| by.compare(a, b));
        let mut merged = Vec::with_capacity(self.slots.len() + moved.len());
        let mut rest = &self.slots[..];
        for slot in moved {
            let at = rest.partition_point(|&other| by.compare(other, slot).is_lt());
            merged.extend_from_slice(&rest[..at]);
            first_changed = first_changed.min(merged.len());
            merged.push(slot);
            rest = &rest[at..];
        }
        merged.extend_from_slice(rest);
        self.slots = merged;
        self.rank_from(first_changed);
    }

    fn rank_from(&mut self, first: usize) {
        let highest = self.slots[first.min(self.slots.len())..].iter().max();
        let needed = highest.map_or(0, |&slot| slot as usize + 1);
        if needed > self.ranks.len() {
            self.ranks.resize(needed, NONE);
        }
        for (rank, &slot) in self.slots.iter().enumerate().skip(first) {
            self.ranks[slot as usize] = rank as u32;
        }
    }
}

impl Orders {
    /// All references in order.
    pub(crate) fn by_ref(&self, by: &impl SortBy) -> Arc<Order> {
        let mut cached = self.by_ref.lock();
        cached.get_or_insert_with(|| Cached::new(by)).current(by)
    }

    /// The entities that have a key, in order of its value.
    pub(crate) fn by_key(&self, key: KeyId, by: &impl SortBy) -> Arc<Order> {
        let mut all = self.by_key.lock();
        let at = all.iter().position(|(other, _)| *other == key);
        let mut cached = at.map_or_else(|| (key, Cached::new(by)), |at| all.remove(at));
        let order = cached.1.current(by);
        if all.len() >= KEPT {
            all.remove(0);
        }
        all.push(cached);
        order
    }

    /// Notes slots whose reference came or went.
    pub(crate) fn renamed(&mut self, slots: &[Slot]) {
        if let Some(cached) = self.by_ref.get_mut() {
            cached.pending.extend_from_slice(slots);
        }
    }

    /// Notes that an entity's value of a key changed.
    pub(crate) fn moved(&mut self, key: KeyId, slot: Slot) {
        let order = self
            .by_key
            .get_mut()
            .iter_mut()
            .find(|(other, _)| *other == key);
        if let Some((_, cached)) = order {
            cached.pending.push(slot);
        }
    }

    /// Drops the order of a key that is no more.
    pub(crate) fn forget(&mut self, key: KeyId) {
        self.by_key.get_mut().retain(|(other, _)| *other != key);
    }
}

impl Cached {
    fn new(by: &impl SortBy) -> Self {
        Self {
            order: Arc::new(Order::of(by)),
            pending: Vec::new(),
        }
    }

    fn current(&mut self, by: &impl SortBy) -> Arc<Order> {
        let pending = std::mem::take(&mut self.pending);
        if pending.len() > self.order.slots.len() / 4 + 64 {
            self.order = Arc::new(Order::of(by));
        } else if !pending.is_empty() {
            Arc::make_mut(&mut self.order).reposition(pending, by);
        }
        Arc::clone(&self.order)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sorts slots by a number that may change.
    struct Numbers(Vec<Option<u8>>);

    impl SortBy for Numbers {
        fn includes(&self, slot: Slot) -> bool {
            self.0[slot as usize].is_some()
        }

        fn compare(&self, a: Slot, b: Slot) -> Ordering {
            (self.0[a as usize], a).cmp(&(self.0[b as usize], b))
        }

        fn sorted(&self) -> Vec<Slot> {
            let all = 0..self.0.len() as Slot;
            let mut slots: Vec<Slot> = all.filter(|&slot| self.includes(slot)).collect();
            slots.sort_by(|&a, &b| self.compare(a, b));
            slots
        }
    }

    fn number() -> impl Strategy<Value = Option<u8>> {
        prop::option::weighted(0.8, 0u8..20)
    }

    proptest! {
        #[test]
        fn moving_slots_equals_sorting_again(
            start in prop::collection::vec(number(), 1..60),
            rounds in prop::collection::vec(prop::collection::vec((0usize..80, number()), 0..8), 0..6),
        ) {
            let mut numbers = Numbers(start);
            let mut orders = Orders::default();
            orders.by_key(7, &numbers);
            for round in rounds {
                for (slot, number) in round {
                    if slot >= numbers.0.len() {
                        numbers.0.resize(slot + 1, None);
                    }
                    numbers.0[slot] = number;
                    orders.moved(7, slot as Slot);
                }
                let order = orders.by_key(7, &numbers);
                prop_assert_eq!(order.slots(), numbers.sorted());
                for slot in 0..numbers.0.len() as Slot {
                    let expected = order.slots().iter().position(|&other| other == slot);
                    prop_assert_eq!(order.rank(slot).map(|rank| rank as usize), expected);
                }
            }
        }
    }

    #[test]
    fn only_the_orders_used_last_are_kept() {
        let numbers = Numbers(vec![Some(1)]);
        let mut orders = Orders::default();
        for key in 0..40 {
            orders.by_key(0, &numbers);
            orders.by_key(key, &numbers);
        }
        let keys: Vec<KeyId> = orders
            .by_key
            .get_mut()
            .iter()
            .map(|(key, _)| *key)
            .collect();
        assert_eq!(keys.len(), KEPT);
        assert!(keys.contains(&0) && keys.contains(&39) && !keys.contains(&1));
    }
}
