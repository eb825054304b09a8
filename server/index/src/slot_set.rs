//! A set of slots that is small when it holds few.
//!
//! Most values belong to one entity and most relations have a handful of
//! targets; a bitmap costs some 200 bytes before it holds anything.

use std::{borrow::Cow, slice};

use roaring::{RoaringBitmap, bitmap};

use crate::Slot;

/// A set that grows past this becomes a bitmap.
const FEW: usize = 15;

/// A bitmap that shrinks to this becomes a list again.
const FEW_AGAIN: u64 = 8;

#[derive(Debug, Default)]
pub(crate) enum SlotSet {
    #[default]
    Empty,
    One(Slot),
    Few(Box<Few>),
    Many(Box<RoaringBitmap>),
}

/// Up to [`FEW`] slots, ascending.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Few {
    len: u8,
    slots: [Slot; FEW],
}

impl SlotSet {
    /// Adds a slot; whether it was new.
    pub(crate) fn insert(&mut self, slot: Slot) -> bool {
        match self {
            Self::Empty => *self = Self::One(slot),
            Self::One(only) if *only == slot => return false,
            Self::One(only) => *self = Self::Few(Box::new(Few::of([*only, slot]))),
            Self::Few(few) => {
                let list = few.as_slice();
                if list.contains(&slot) {
                    return false;
                }
                if list.len() < FEW {
                    few.insert(slot);
                } else {
                    let mut many: RoaringBitmap = list.iter().copied().collect();
                    many.insert(slot);
                    *self = Self::Many(Box::new(many));
                }
            }
            Self::Many(many) => return many.insert(slot),
        }
        true
    }

    /// Takes a slot out; whether it was there.
    pub(crate) fn remove(&mut self, slot: Slot) -> bool {
        match self {
            Self::Empty => return false,
            Self::One(only) if *only != slot => return false,
            Self::One(_) => *self = Self::Empty,
            Self::Few(few) => {
                if !few.remove(slot) {
                    return false;
                }
                if let [only] = *few.as_slice() {
                    *self = Self::One(only);
                }
            }
            Self::Many(many) => {
                if !many.remove(slot) {
                    return false;
                }
                if many.len() <= FEW_AGAIN {
                    *self = Self::Few(Box::new(Few::of(many.iter())));
                }
            }
        }
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    pub(crate) fn len(&self) -> u64 {
        self.as_list()
            .map_or_else(RoaringBitmap::len, |list| list.len() as u64)
    }

    /// The slots, ascending.
    pub(crate) fn iter(&self) -> Iter<'_> {
        self.as_list().map_or_else(
            |many| Iter::Many(many.iter()),
            |list| Iter::List(list.iter()),
        )
    }

    /// How many of the slots are in `other` too.
    pub(crate) fn intersection_len(&self, other: &RoaringBitmap) -> u64 {
        self.as_list().map_or_else(
            |many| many.intersection_len(other),
            |list| list.iter().filter(|&&slot| other.contains(slot)).count() as u64,
        )
    }

    pub(crate) fn to_bitmap(&self) -> Cow<'_, RoaringBitmap> {
        self.as_list().map_or_else(Cow::Borrowed, |list| {
            Cow::Owned(list.iter().copied().collect())
        })
    }

    fn as_list(&self) -> Result<&[Slot], &RoaringBitmap> {
        match self {
            Self::Empty => Ok(&[]),
            Self::One(only) => Ok(slice::from_ref(only)),
            Self::Few(few) => Ok(few.as_slice()),
            Self::Many(many) => Err(many),
        }
    }
}

impl Few {
    fn of(slots: impl IntoIterator<Item = Slot>) -> Self {
        let mut few = Self::default();
        slots.into_iter().for_each(|slot| few.insert(slot));
        few
    }

    fn as_slice(&self) -> &[Slot] {
        &self.slots[..usize::from(self.len)]
    }

    /// Adds a slot that is not there; there must be room.
    fn insert(&mut self, slot: Slot) {
        let (at, len) = (
            self.as_slice().partition_point(|&other| other < slot),
            usize::from(self.len),
        );
        self.slots.copy_within(at..len, at + 1);
        self.slots[at] = slot;
        self.len += 1;
    }

    fn remove(&mut self, slot: Slot) -> bool {
        let Ok(at) = self.as_slice().binary_search(&slot) else {
            return false;
        };
        self.slots.copy_within(at + 1..usize::from(self.len), at);
        self.len -= 1;
        true
    }
}

pub(crate) enum Iter<'a> {
    List(slice::Iter<'a, Slot>),
    Many(bitmap::Iter<'a>),
}

impl Iterator for Iter<'_> {
    type Item = Slot;

    fn next(&mut self) -> Option<Slot> {
        match self {
            Self::List(list) => list.next().copied(),
            Self::Many(many) => many.next(),
        }
    }
}

/// A list with more than one slot in so many is faster to turn into a bitmap
/// by way of plain bits than by sorting it.
const DENSE: usize = 128;

/// The union of many sets, most of them small.
#[derive(Debug, Default)]
pub(crate) struct Union {
    list: Vec<Slot>,
    bitmap: RoaringBitmap,
}

impl Union {
    pub(crate) fn add(&mut self, slots: &SlotSet) {
        match slots.as_list() {
            Ok(list) => self.list.extend_from_slice(list),
            Err(many) => self.bitmap |= many,
        }
    }

    pub(crate) fn into_bitmap(mut self) -> RoaringBitmap {
        let highest = self.list.iter().max().map_or(0, |&slot| slot as usize);
        let found = if self.list.len() > highest / DENSE {
            let mut bits = vec![0_u8; highest / 8 + 1];
            for slot in self.list {
                bits[slot as usize / 8] |= 1 << (slot % 8);
            }
            RoaringBitmap::from_lsb0_bytes(0, &bits)
        } else {
            self.list.sort_unstable();
            self.list.into_iter().collect()
        };
        if self.bitmap.is_empty() {
            found
        } else {
            found | self.bitmap
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn behaves_like_a_set(changes in prop::collection::vec((any::<bool>(), 0u32..60), 0..300)) {
            let (mut set, mut expected) = (SlotSet::default(), BTreeSet::new());
            for (add, slot) in changes {
                if add {
                    prop_assert_eq!(set.insert(slot), expected.insert(slot));
                } else {
                    prop_assert_eq!(set.remove(slot), expected.remove(&slot));
                }
                prop_assert!(set.iter().eq(expected.iter().copied()));
                prop_assert_eq!(set.len(), expected.len() as u64);
                prop_assert_eq!(set.is_empty(), expected.is_empty());
            }
            let even: RoaringBitmap = (0..60).filter(|slot| slot % 2 == 0).collect();
            let both = expected.iter().filter(|&&slot| slot % 2 == 0).count() as u64;
            prop_assert_eq!(set.intersection_len(&even), both);
            prop_assert!(set.to_bitmap().iter().eq(expected.iter().copied()));
        }
    }

    #[test]
    fn is_as_small_as_a_slice() {
        assert_eq!(size_of::<SlotSet>(), size_of::<&[Slot]>());
        assert_eq!(size_of::<Few>(), 64, "one cache line");
    }

    #[test]
    fn unites_dense_and_scattered_sets() {
        for step in [1, 3, 10_000] {
            let mut union = Union::default();
            let mut expected = BTreeSet::new();
            for slot in (0..50).rev().map(|number| number * step) {
                union.add(&SlotSet::One(slot));
                union.add(&SlotSet::Few(Box::new(Few::of([slot, slot + 1]))));
                expected.extend([slot, slot + 1]);
            }
            union.add(&SlotSet::Many(Box::new([7, 70_000].into_iter().collect())));
            expected.extend([7, 70_000]);
            assert!(union.into_bitmap().iter().eq(expected));
        }
    }
}
