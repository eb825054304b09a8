//! The index of documents, and how a search is answered.

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::{
    SearchDocument,
    dictionary::{Dictionary, Occurrence},
    query::TermQuery,
    ranking::best,
    sorted_texts::SortedTexts,
    tokens::fold,
};

/// What follows the name in the identity of a document.
pub(crate) const AFTER_NAME: char = '\0';

/// A ranked full-text index. Documents are numbered by the caller; small,
/// dense numbers are best.
#[derive(Debug, Default)]
pub struct TextIndex {
    pub(crate) dictionary: Dictionary,
    documents: Vec<Option<Document>>,
    /// Every document by its identity, so by its name first.
    pub(crate) identities: SortedTexts,
    /// The documents that have a title, by that.
    pub(crate) titles: SortedTexts,
}

#[derive(Debug)]
struct Document {
    /// Ascending, without repeats.
    occurrences: Box<[Occurrence]>,
    /// Name, kind and namespace: orders documents of equal score.
    identity: Arc<str>,
    /// The folded title, where there is one.
    title: Option<Arc<str>>,
}

/// One page of a search's result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// How many documents match in all.
    pub total: u64,
    /// The documents of this page, best first.
    pub hits: Vec<Hit>,
}

/// A document that matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The document's number.
    pub doc: u32,
    /// How well it matches; meaningful only against others of the same search.
    pub score: f32,
}

impl TextIndex {
    /// An index of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.identities.len()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.identities.len() == 0
    }

    /// Adds a document, or replaces the one with the same number.
    pub fn upsert(&mut self, doc: u32, document: &SearchDocument) {
        let occurrences = self.occurrences(document);
        let identity = [&*document.name, &document.kind, &document.namespace];
        let identity = identity.join(AFTER_NAME.encode_utf8(&mut [0; 4]));
        let title = fold(document.title.trim());
        let fresh = Document {
            occurrences: occurrences.clone(),
            identity: fold(&identity).into(),
            title: (!title.is_empty()).then(|| title.into()),
        };
        let before = self.replace(doc, fresh);
        for &occurrence in missing_from(&occurrences, &before) {
            self.dictionary.post(occurrence, doc);
        }
        for &occurrence in missing_from(&before, &occurrences) {
            self.dictionary.unpost(occurrence, doc);
        }
        self.dictionary.sweep();
    }

    /// Removes a document, if it is there.
    pub fn remove(&mut self, doc: u32) {
        let Some(former) = self.unlist(doc) else {
            return;
        };
        for &occurrence in &former.occurrences {
            self.dictionary.unpost(occurrence, doc);
        }
        self.dictionary.sweep();
    }

    /// The documents in which every word of `term` begins some word, best
    /// first; all of them, by name, when the term has no word. `within` are
    /// the documents that may be seen at all.
    pub fn search(
        &self,
        term: &str,
        within: Option<&RoaringBitmap>,
        offset: usize,
        limit: usize,
    ) -> Hits {
        let mut scores = self.scores(&TermQuery::parse(term));
        if let Some(within) = within {
            hide_others(&mut scores, within);
        }
        let (total, mut hits) = best(&self.identities, &scores, offset.saturating_add(limit));
        hits.drain(..offset.min(hits.len()));
        Hits { total, hits }
    }

    /// Every document that matches `term`, unranked.
    pub fn matching(&self, term: &str) -> RoaringBitmap {
        let scores = self.scores(&TermQuery::parse(term));
        let matching = (0..).zip(scores).filter(|&(_, score)| score > 0.0);
        matching.map(|(doc, _)| doc).collect()
    }

    /// One more than the highest number of a document.
    pub(crate) fn end(&self) -> usize {
        self.documents.len()
    }

    /// Puts a document in the place of another; returns what occurred in that.
    fn replace(&mut self, doc: u32, document: Document) -> Box<[Occurrence]> {
        let former = self.documents.get(doc as usize).and_then(Option::as_ref);
        let same = former.is_some_and(|former| {
            former.identity == document.identity && former.title == document.title
        });
        if same {
            let former = self.documents[doc as usize].replace(document);
            return former.map(|former| former.occurrences).unwrap_or_default();
        }
        let former = self.unlist(doc);
        if self.documents.len() <= doc as usize {
            self.documents.resize_with(doc as usize + 1, || None);
        }
        self.identities.insert(Arc::clone(&document.identity), doc);
        if let Some(title) = &document.title {
            self.titles.insert(Arc::clone(title), doc);
        }
        self.documents[doc as usize] = Some(document);
        former.map(|former| former.occurrences).unwrap_or_default()
    }

    fn unlist(&mut self, doc: u32) -> Option<Document> {
        let former = self.documents.get_mut(doc as usize)?.take()?;
        self.identities.remove(Arc::clone(&former.identity), doc);
        if let Some(title) = &former.title {
            self.titles.remove(Arc::clone(title), doc);
        }
        Some(former)
    }

    fn occurrences(&mut self, document: &SearchDocument) -> Box<[Occurrence]> {
        let mut found = Vec::with_capacity(48);
        document.for_each_word(|word, field| {
            found.push(self.dictionary.occurrence(&fold(word), field));
        });
        found.sort_unstable();
        found.dedup();
        found.into_boxed_slice()
    }
}

fn hide_others(scores: &mut [f32], within: &RoaringBitmap) {
    for (doc, score) in (0..).zip(scores) {
        if *score > 0.0 && !within.contains(doc) {
            *score = 0.0;
        }
    }
}

/// What is in `wanted` and not in `known`; both ascending.
fn missing_from<'a>(
    wanted: &'a [Occurrence],
    known: &'a [Occurrence],
) -> impl Iterator<Item = &'a Occurrence> {
    wanted
        .iter()
        .filter(|occurrence| known.binary_search(occurrence).is_err())
}

#[cfg(test)]
mod tests;
