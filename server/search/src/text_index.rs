//! The index of documents, and how a search is answered.

use std::cmp::Ordering;

use roaring::RoaringBitmap;

use crate::{
    SearchDocument,
    dictionary::{Dictionary, Occurrence},
    field::Field,
    query::{Item, TermQuery},
    tokens::{fold, parts, words},
};

/// What a word that only begins with the searched one is worth, against the word itself.
const PREFIX_ONLY: f32 = 0.5;

/// A ranked full-text index. Documents are numbered by the caller; small,
/// dense numbers are best.
#[derive(Debug, Default)]
pub struct TextIndex {
    dictionary: Dictionary,
    documents: Vec<Option<Document>>,
    len: usize,
}

#[derive(Debug)]
struct Document {
    /// Ascending, without repeats.
    occurrences: Box<[Occurrence]>,
    /// Name, kind and namespace: orders documents of equal score.
    identity: Box<str>,
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
        self.len
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a document, or replaces the one with the same number.
    pub fn upsert(&mut self, doc: u32, document: &SearchDocument) {
        let occurrences = self.occurrences(document);
        if self.documents.len() <= doc as usize {
            self.documents.resize_with(doc as usize + 1, || None);
        }
        let identity = [&*document.name, &document.kind, &document.namespace];
        let fresh = Document {
            occurrences: occurrences.clone(),
            identity: fold(&identity.join("\0")).into(),
        };
        let former = self.documents[doc as usize].replace(fresh);
        self.len += usize::from(former.is_none());
        let before = former.map(|former| former.occurrences).unwrap_or_default();
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
        let Some(former) = self.documents.get_mut(doc as usize).and_then(Option::take) else {
            return;
        };
        self.len -= 1;
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
        let scores = self.scores(&TermQuery::parse(term));
        let may_be_seen = |doc| within.is_none_or(|within| within.contains(doc));
        let mut hits: Vec<Hit> = (0..)
            .zip(scores)
            .filter(|&(doc, score)| score > 0.0 && may_be_seen(doc))
            .map(|(doc, score)| Hit { doc, score })
            .collect();
        let total = hits.len() as u64;
        let end = offset.saturating_add(limit);
        if end < hits.len() {
            hits.select_nth_unstable_by(end, |a, b| self.rank(*a, *b));
            hits.truncate(end);
        }
        hits.sort_unstable_by(|a, b| self.rank(*a, *b));
        hits.drain(..offset.min(hits.len()));
        Hits { total, hits }
    }

    /// Every document that matches `term`, unranked.
    pub fn matching(&self, term: &str) -> RoaringBitmap {
        let scores = self.scores(&TermQuery::parse(term));
        (0..)
            .zip(scores)
            .filter(|&(_, score)| score > 0.0)
            .map(|(doc, _)| doc)
            .collect()
    }

    /// The better hit first.
    fn rank(&self, a: Hit, b: Hit) -> Ordering {
        b.score
            .total_cmp(&a.score)
            .then_with(|| self.identity(a.doc).cmp(self.identity(b.doc)))
            .then(a.doc.cmp(&b.doc))
    }

    fn identity(&self, doc: u32) -> &str {
        let document = self.documents.get(doc as usize).and_then(Option::as_ref);
        document.map_or("", |document| &document.identity)
    }

    /// The score of each document; zero for one that does not match.
    fn scores(&self, query: &TermQuery) -> Vec<f32> {
        let Some((first, rest)) = query.items.split_first() else {
            return self
                .documents
                .iter()
                .map(|doc| if doc.is_some() { 1.0 } else { 0.0 })
                .collect();
        };
        let mut scores = self.item_scores(first);
        for item in rest {
            require(&mut scores, &self.item_scores(item));
        }
        for (word, postings) in self.dictionary.starting_with(&query.whole) {
            let exact = word.len() == query.whole.len();
            postings.for_each_field(|field, docs| {
                let boost = field.boost(exact);
                if boost > 0.0 {
                    docs.for_each(|doc| {
                        let score = &mut scores[doc as usize];
                        *score += if *score > 0.0 { boost } else { 0.0 };
                    });
                }
            });
        }
        scores
    }

    /// The best of an item's alternatives, each of which needs all its prefixes.
    fn item_scores(&self, item: &Item) -> Vec<f32> {
        let alternatives = item.alternatives.iter().map(|prefixes| {
            let scores = prefixes.iter().map(|prefix| self.prefix_scores(prefix));
            let all = scores.reduce(|mut all, scores| {
                require(&mut all, &scores);
                all
            });
            all.unwrap_or_default()
        });
        let best = alternatives.reduce(|mut best, scores| {
            best.iter_mut()
                .zip(scores)
                .for_each(|(best, score)| *best = best.max(score));
            best
        });
        best.unwrap_or_default()
    }

    /// The worth of the best word that begins with `prefix`.
    fn prefix_scores(&self, prefix: &str) -> Vec<f32> {
        let mut scores = vec![0.0_f32; self.documents.len()];
        let documents = self.len as f32;
        for (word, postings) in self.dictionary.starting_with(prefix) {
            let closeness = if word.len() == prefix.len() {
                1.0
            } else {
                PREFIX_ONLY
            };
            postings.for_each_field(|field, docs| {
                let rarity = (1.0 + documents / docs.len() as f32).ln();
                let worth = field.weight() * rarity * closeness;
                docs.for_each(|doc| {
                    let score = &mut scores[doc as usize];
                    *score = score.max(worth);
                });
            });
        }
        scores
    }

    fn occurrences(&mut self, document: &SearchDocument) -> Box<[Occurrence]> {
        let mut found = Vec::with_capacity(48);
        let mut add = |word: &str, field| {
            if !word.is_empty() {
                found.push(self.dictionary.occurrence(&fold(word), field));
            }
        };
        let texts = [
            (&document.name, Field::Name),
            (&document.title, Field::Title),
            (&document.spec_type, Field::Type),
            (&document.kind, Field::Kind),
            (&document.lifecycle, Field::Lifecycle),
            (&document.namespace, Field::Namespace),
            (&document.description, Field::Description),
        ];
        for (text, field) in texts {
            add_words(text, field, &mut add);
        }
        for tag in &document.tags {
            add_words(tag, Field::Tag, &mut add);
        }
        // A full reference is one word: what `group:default/team-orders` owns
        // is not about orders. A short name is how people call the team.
        if document.owner.contains('/') {
            add(&document.owner, Field::Owner);
        } else {
            add_words(&document.owner, Field::Owner, &mut add);
        }
        add(&document.name, Field::WholeName);
        add(document.title.trim(), Field::WholeTitle);
        found.sort_unstable();
        found.dedup();
        found.into_boxed_slice()
    }
}

/// Adds the words of a text and the parts of those in `CamelCase`.
fn add_words(text: &str, field: Field, add: &mut impl FnMut(&str, Field)) {
    for word in words(text) {
        let word = &text[word];
        add(word, field);
        for part in parts(word).filter(|part| part.len() < word.len()) {
            add(&word[part], field);
        }
    }
}

/// Adds `other` to each score, and nothing is left where either is nothing.
fn require(scores: &mut [f32], other: &[f32]) {
    for (score, other) in scores.iter_mut().zip(other) {
        *score = if *score > 0.0 && *other > 0.0 {
            *score + other
        } else {
            0.0
        };
    }
}

/// What is in `these` and not in `known`; both ascending.
fn missing_from<'a>(
    these: &'a [Occurrence],
    known: &'a [Occurrence],
) -> impl Iterator<Item = &'a Occurrence> {
    these
        .iter()
        .filter(|occurrence| known.binary_search(occurrence).is_err())
}

#[cfg(test)]
mod tests;
