//! A set of documents that costs no allocation for one.

use roaring::RoaringBitmap;

/// The documents in which a word occurs. Most words occur in one.
#[derive(Debug)]
pub(crate) enum Docs {
    One(u32),
    Many(Box<RoaringBitmap>),
}

impl Docs {
    pub(crate) fn insert(&mut self, doc: u32) {
        match self {
            Self::One(only) if *only == doc => {}
            Self::One(only) => {
                *self = Self::Many(Box::new([*only, doc].into_iter().collect()));
            }
            Self::Many(many) => {
                many.insert(doc);
            }
        }
    }

    /// Takes a document out; whether none is left.
    pub(crate) fn remove(&mut self, doc: u32) -> bool {
        match self {
            Self::One(only) => *only == doc,
            Self::Many(many) => {
                many.remove(doc);
                if many.len() == 1
                    && let Some(only) = many.min()
                {
                    *self = Self::One(only);
                }
                false
            }
        }
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::One(_) => 1,
            Self::Many(many) => many.len(),
        }
    }

    pub(crate) fn for_each(&self, mut visit: impl FnMut(u32)) {
        match self {
            Self::One(only) => visit(*only),
            Self::Many(many) => many.iter().for_each(visit),
        }
    }
}
