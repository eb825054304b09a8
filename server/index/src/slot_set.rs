//! A set of slots that is small when it holds few.
//!
//! Most values belong to one entity and most relations have a handful of
//! targets; a bitmap costs some 200 bytes before it holds anything.

use std::{borrow::Cow, slice};

use roaring::{RoaringBitmap, bitmap};

use crate::Slot;

/// A set that grows past this becomes a bitmap.
const FEW: usize = 24;

/// A bitmap that shrinks to this becomes a list again.
const FEW_AGAIN: u64 = 12;

#[derive(Debug, Default)]
pub(crate) enum SlotSet {
    #[default]
    Empty,
    One(Slot),
    /// Ascending.
    Few(Vec<Slot>),
    Many(Box<RoaringBitmap>),
}

impl SlotSet {
    /// Adds a slot; whether it was new.
    pub(crate) fn insert(&mut self, slot: Slot) -> bool {
        match self {
            Self::Empty => *self = Self::One(slot),
            Self::One(only) if *only == slot => return false,
            Self::One(only) => *self = Self::Few(vec![slot.min(*only), slot.max(*only)]),
            Self::Few(few) => {
                let Err(at) = few.binary_search(&slot) else {
                    return false;
                };
                few.insert(at, slot);
                if few.len() > FEW {
                    *self = Self::Many(Box::new(few.iter().copied().collect()));
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
                let Ok(at) = few.binary_search(&slot) else {
                    return false;
                };
                few.remove(at);
                if let [only] = few[..] {
                    *self = Self::One(only);
                }
            }
            Self::Many(many) => {
                if !many.remove(slot) {
                    return false;
                }
                if many.len() <= FEW_AGAIN {
                    *self = Self::Few(many.iter().collect());
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
            .map_or_else(|many| many.len(), |list| list.len() as u64)
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
            Self::Few(few) => Ok(few),
            Self::Many(many) => Err(many),
        }
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
        // Ascending insertion is several times as fast.
        self.list.sort_unstable();
        self.bitmap.extend(self.list);
        self.bitmap
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
    fn is_no_larger_than_a_list() {
        assert_eq!(size_of::<SlotSet>(), size_of::<Vec<Slot>>());
    }
}
