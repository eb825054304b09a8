//! Documents in the order of a text each has.

use std::{
    collections::BTreeSet,
    ops::Bound,
    sync::{Arc, OnceLock},
};

use crate::prefix::range_of;

/// A text of each document, in order.
///
/// Questions are answered from the places documents have in that order, as
/// numbers: comparing texts is slow. The places are found anew after a text
/// came or went, at the first question.
#[derive(Debug, Default)]
pub(crate) struct SortedTexts {
    texts: BTreeSet<(Arc<str>, u32)>,
    places: OnceLock<Places>,
}

/// The order, in both directions.
#[derive(Debug, Default)]
struct Places {
    docs: Vec<u32>,
    of_doc: Vec<u32>,
}

impl SortedTexts {
    pub(crate) fn insert(&mut self, text: Arc<str>, doc: u32) {
        self.texts.insert((text, doc));
        self.places = OnceLock::new();
    }

    pub(crate) fn remove(&mut self, text: Arc<str>, doc: u32) {
        self.texts.remove(&(text, doc));
        self.places = OnceLock::new();
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Every document, in order.
    pub(crate) fn docs(&self) -> &[u32] {
        &self.places().docs
    }

    /// The place of each document in [`Self::docs`], by its number; meaningless
    /// for numbers that are no document's.
    pub(crate) fn places_of_docs(&self) -> &[u32] {
        &self.places().of_doc
    }

    /// The documents whose text begins with `prefix`, in order.
    pub(crate) fn starting_with(&self, prefix: &str) -> &[u32] {
        let (from, to) = range_of(prefix, |text| (Arc::from(text), 0));
        let (from, to) = (self.place(from), self.place(to));
        &self.docs()[from..to]
    }

    /// The documents whose text is `text`, in order.
    pub(crate) fn equal_to(&self, text: &str) -> &[u32] {
        let from = self.place(Bound::Included((text.into(), 0)));
        let to = self.place(Bound::Excluded((text.into(), u32::MAX)));
        &self.docs()[from..to]
    }

    /// How many documents lie before a bound.
    fn place(&self, bound: Bound<(Arc<str>, u32)>) -> usize {
        let (Bound::Included(from) | Bound::Excluded(from)) = bound else {
            return self.len();
        };
        let first = self.texts.range(from..).next();
        first.map_or(self.len(), |&(_, doc)| {
            self.places_of_docs()[doc as usize] as usize
        })
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| {
            let docs: Vec<u32> = self.texts.iter().map(|&(_, doc)| doc).collect();
            let end = docs.iter().max().map_or(0, |&doc| doc as usize + 1);
            let mut of_doc = vec![0; end];
            for (place, &doc) in (0..).zip(&docs) {
                of_doc[doc as usize] = place;
            }
            Places { docs, of_doc }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_a_range() {
        let mut texts = SortedTexts::default();
        for (doc, text) in (0..).zip(["b", "a", "ab", "abc", "ac", "a"]) {
            texts.insert(text.into(), doc);
        }
        assert_eq!(texts.docs(), [1, 5, 2, 3, 4, 0]);
        assert_eq!(texts.starting_with("ab"), [2, 3]);
        assert_eq!(texts.starting_with("b"), [0]);
        assert_eq!(texts.starting_with("c"), [] as [u32; 0]);
        assert_eq!(texts.starting_with("").len(), texts.len());
        assert_eq!(texts.equal_to("a"), [1, 5]);
        assert_eq!(texts.equal_to("b"), [0]);
        assert_eq!(texts.equal_to("aa"), [] as [u32; 0]);
        texts.remove("ab".into(), 2);
        assert_eq!(texts.starting_with("ab"), [3]);
    }
}
