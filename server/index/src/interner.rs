//! One allocation for each distinct text that many entities share.

use std::{collections::HashSet, sync::Arc};

/// Texts in use, with those no longer used swept out as the set grows.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    texts: HashSet<Arc<str>>,
    sweep_at: usize,
}

/// Below this many texts a sweep is not worth its time.
const SWEEP_FROM: usize = 1024;

impl Interner {
    /// The shared copy of `text`.
    pub(crate) fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        if self.texts.len() >= self.sweep_at.max(SWEEP_FROM) {
            self.texts.retain(|text| Arc::strong_count(text) > 1);
            self.sweep_at = self.texts.len() * 2;
        }
        let text: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&text));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_equal_texts() {
        let mut interner = Interner::default();
        assert!(Arc::ptr_eq(&interner.get("group"), &interner.get("group")));
    }

    #[test]
    fn forgets_texts_no_longer_used() {
        let mut interner = Interner::default();
        for number in 0..SWEEP_FROM * 10 {
            interner.get(&number.to_string());
        }
        assert!(interner.texts.len() <= SWEEP_FROM);
    }
}
