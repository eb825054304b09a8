//! Every word, and where it occurs.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::{docs::Docs, field::Field, prefix::range_of};

/// Fewer unused words than this are never worth a sweep.
const SWEEP_FROM: usize = 256;

/// A word that occurs in a field of some document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Occurrence {
    word: u32,
    field: Field,
}

/// The words of all documents, in order.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    /// To find a word in one step, as every word of every document is.
    ids: HashMap<Arc<str>, u32>,
    in_order: BTreeMap<Arc<str>, u32>,
    postings: Vec<Postings>,
    free: Vec<u32>,
    unused: usize,
}

/// Where one word occurs.
#[derive(Debug, Default)]
pub(crate) enum Postings {
    #[default]
    Nowhere,
    Once(Field, u32),
    Often(Vec<(Field, Docs)>),
}

impl Dictionary {
    /// An occurrence of a word, to post. A word that is new has to be posted.
    pub(crate) fn occurrence(&mut self, word: &str, field: Field) -> Occurrence {
        if let Some(&word) = self.ids.get(word) {
            return Occurrence { word, field };
        }
        let id = self.free.pop().unwrap_or_else(|| {
            self.postings.push(Postings::Nowhere);
            self.postings.len() as u32 - 1
        });
        let word: Arc<str> = word.into();
        self.ids.insert(Arc::clone(&word), id);
        self.in_order.insert(word, id);
        self.unused += 1;
        Occurrence { word: id, field }
    }

    /// Records that a word occurs in a document.
    pub(crate) fn post(&mut self, Occurrence { word, field }: Occurrence, doc: u32) {
        let postings = &mut self.postings[word as usize];
        if postings.is_empty() {
            self.unused -= 1;
        }
        postings.insert(field, doc);
    }

    /// Records that a word no longer occurs in a document.
    pub(crate) fn unpost(&mut self, Occurrence { word, field }: Occurrence, doc: u32) {
        let postings = &mut self.postings[word as usize];
        postings.remove(field, doc);
        if postings.is_empty() {
            self.unused += 1;
        }
    }

    /// Forgets unused words once they are the majority.
    pub(crate) fn sweep(&mut self) {
        if self.unused < SWEEP_FROM || self.unused * 2 < self.ids.len() {
            return;
        }
        let Self {
            ids,
            in_order,
            postings,
            free,
            unused,
        } = self;
        in_order.retain(|word, &mut id| {
            let used = !postings[id as usize].is_empty();
            if !used {
                ids.remove(word);
                free.push(id);
            }
            used
        });
        *unused = 0;
    }

    /// The words that begin with `prefix`, in order.
    pub(crate) fn starting_with(&self, prefix: &str) -> impl Iterator<Item = (&str, &Postings)> {
        let words = self
            .in_order
            .range(range_of(prefix, |text| Arc::from(text)));
        words.map(|(word, &id)| (&**word, &self.postings[id as usize]))
    }
}

impl Postings {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Nowhere)
    }

    /// In about how many documents the word occurs: those of its commonest field.
    pub(crate) fn frequency(&self) -> u64 {
        match self {
            Self::Nowhere => 0,
            Self::Once(..) => 1,
            Self::Often(fields) => fields.iter().map(|(_, docs)| docs.len()).max().unwrap_or(0),
        }
    }

    /// Visits the documents of each field.
    pub(crate) fn for_each_field(&self, mut visit: impl FnMut(Field, &Docs)) {
        match self {
            Self::Nowhere => {}
            Self::Once(field, doc) => visit(*field, &Docs::One(*doc)),
            Self::Often(fields) => fields.iter().for_each(|(field, docs)| visit(*field, docs)),
        }
    }

    fn insert(&mut self, field: Field, doc: u32) {
        match self {
            Self::Nowhere => *self = Self::Once(field, doc),
            Self::Once(known, only) => {
                let mut fields = Vec::with_capacity(2);
                fields.push((*known, Docs::One(*only)));
                *self = Self::Often(fields);
                self.insert(field, doc);
            }
            Self::Often(fields) => match fields.iter_mut().find(|(known, _)| *known == field) {
                Some((_, docs)) => docs.insert(doc),
                None => fields.push((field, Docs::One(doc))),
            },
        }
    }

    fn remove(&mut self, field: Field, doc: u32) {
        match self {
            Self::Nowhere => {}
            Self::Once(known, only) => {
                if (*known, *only) == (field, doc) {
                    *self = Self::Nowhere;
                }
            }
            Self::Often(fields) => {
                fields.retain_mut(|(known, docs)| *known != field || !docs.remove(doc));
                match fields[..] {
                    [] => *self = Self::Nowhere,
                    [(field, Docs::One(only))] => *self = Self::Once(field, only),
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(dictionary: &Dictionary, prefix: &str) -> Vec<(String, Field, u32)> {
        let mut found = Vec::new();
        for (word, postings) in dictionary.starting_with(prefix) {
            postings.for_each_field(|field, docs| {
                docs.for_each(|doc| found.push((word.to_owned(), field, doc)));
            });
        }
        found
    }

    #[test]
    fn remembers_where_each_word_occurs() {
        let mut dictionary = Dictionary::default();
        for (word, field, doc) in [
            ("order", Field::Name, 1),
            ("orders", Field::Name, 2),
            ("order", Field::Tag, 1),
        ] {
            let occurrence = dictionary.occurrence(word, field);
            dictionary.post(occurrence, doc);
        }
        let expected = [
            ("order".to_owned(), Field::Name, 1),
            ("order".to_owned(), Field::Tag, 1),
            ("orders".to_owned(), Field::Name, 2),
        ];
        assert_eq!(found(&dictionary, "ord"), expected);
        let occurrence = dictionary.occurrence("order", Field::Name);
        dictionary.unpost(occurrence, 1);
        assert_eq!(found(&dictionary, "ord"), expected[1..]);
        assert_eq!(found(&dictionary, "orders"), expected[2..]);
    }

    #[test]
    fn unused_words_make_room() {
        let mut dictionary = Dictionary::default();
        for doc in 0..SWEEP_FROM as u32 * 4 {
            let occurrence = dictionary.occurrence(&format!("word{doc}"), Field::Name);
            dictionary.post(occurrence, doc);
            dictionary.unpost(occurrence, doc);
            dictionary.sweep();
        }
        assert!(dictionary.ids.len() <= SWEEP_FROM);
        assert!(dictionary.postings.len() <= SWEEP_FROM);
    }
}
