//! Cutting a page out of an order.

use roaring::RoaringBitmap;

use crate::{Direction, Slot, order::Order};

/// The part of the matching entities that a page shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) slots: Vec<Slot>,
    pub(crate) has_next: bool,
    pub(crate) has_prev: bool,
}

/// Where a page lies in an order, as an ascending position in it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// After so many matching entities.
    Offset(usize),
    /// On the far side of the boundary before this position, in direction of the sort.
    From(usize),
    /// On the near side of that boundary.
    Until(usize),
}

/// What it costs to visit one slot of an order, against sorting one match.
const SORT_TO_SCAN: usize = 4;

/// Cuts a page out of the `matching` slots of an order.
pub(crate) fn cut(
    order: &Order,
    matching: &RoaringBitmap,
    direction: Direction,
    place: Place,
    limit: usize,
) -> Cut {
    let Some(matches) = Matches::new(order, matching, place, limit) else {
        return Cut::default();
    };
    let (end, descending) = (order.slots().len(), direction == Direction::Desc);
    let start = if descending { end } else { 0 };
    match place {
        Place::Offset(offset) => {
            let mut following = matches.walk(start, !descending).skip(offset);
            let slots: Vec<Slot> = following.by_ref().take(limit).collect();
            let has_prev = offset > 0;
            Cut {
                slots,
                has_next: following.next().is_some(),
                has_prev,
            }
        }
        Place::From(boundary) => {
            let mut following = matches.walk(boundary, !descending);
            let slots: Vec<Slot> = following.by_ref().take(limit).collect();
            let has_prev = matches.walk(boundary, descending).next().is_some();
            Cut {
                slots,
                has_next: following.next().is_some(),
                has_prev,
            }
        }
        Place::Until(boundary) => {
            let mut preceding = matches.walk(boundary, descending);
            let mut slots: Vec<Slot> = preceding.by_ref().take(limit).collect();
            slots.reverse();
            let has_next = matches.walk(boundary, !descending).next().is_some();
            Cut {
                slots,
                has_next,
                has_prev: preceding.next().is_some(),
            }
        }
    }
}

/// The matching slots in order, by whichever way is cheaper.
enum Matches<'a> {
    /// Look at each slot of the order: right when many match.
    Scan(&'a [Slot], &'a RoaringBitmap),
    /// Sort the matches by rank: right when few do.
    Sorted(&'a [Slot], Vec<u32>),
}

impl<'a> Matches<'a> {
    /// `None` when nothing matches.
    fn new(
        order: &'a Order,
        matching: &'a RoaringBitmap,
        place: Place,
        limit: usize,
    ) -> Option<Self> {
        let slots = order.slots();
        let count = matching.len() as usize;
        if count == 0 {
            return None;
        }
        let wanted = match place {
            Place::Offset(offset) => offset.saturating_add(limit).saturating_add(1),
            Place::From(_) | Place::Until(_) => limit.saturating_add(2),
        };
        let scanned = wanted.min(count).saturating_mul(slots.len() / count);
        if scanned <= count.saturating_mul(SORT_TO_SCAN) {
            return Some(Self::Scan(slots, matching));
        }
        let mut ranks: Vec<u32> = matching
            .iter()
            .filter_map(|slot| order.rank(slot))
            .collect();
        ranks.sort_unstable();
        Some(Self::Sorted(slots, ranks))
    }

    /// The matches from a boundary upwards or downwards.
    fn walk(&self, boundary: usize, upwards: bool) -> Box<dyn Iterator<Item = Slot> + '_> {
        match self {
            Self::Scan(slots, matching) => {
                let (below, above) = slots.split_at(boundary.min(slots.len()));
                let matches = |slot: &&Slot| matching.contains(**slot);
                if upwards {
                    Box::new(above.iter().filter(matches).copied())
                } else {
                    Box::new(below.iter().rev().filter(matches).copied())
                }
            }
            Self::Sorted(slots, ranks) => {
                let middle = ranks.partition_point(|&rank| (rank as usize) < boundary);
                let (below, above) = ranks.split_at(middle);
                let slot = |&rank: &u32| slots[rank as usize];
                if upwards {
                    Box::new(above.iter().map(slot))
                } else {
                    Box::new(below.iter().rev().map(slot))
                }
            }
        }
    }
}
