//! How well each document matches a search term.
//!
//! Scores are one number for each document, zero where it does not match:
//! combining words is then a pass over contiguous memory.

use crate::{
    TextIndex,
    query::{Item, TermQuery},
    text_index::AFTER_NAME,
};

/// What a word that only begins with the searched one is worth, against the word itself.
const PREFIX_ONLY: f32 = 0.5;

/// What it adds that the name begins with the whole term, and that it is the term.
const NAME_BEGINS: f32 = 100.0;
const NAME_IS: f32 = 900.0;

/// The same for the title.
const TITLE_BEGINS: f32 = 50.0;
const TITLE_IS: f32 = 450.0;

impl TextIndex {
    /// The score of each document.
    pub(crate) fn scores(&self, query: &TermQuery) -> Vec<f32> {
        let Some((first, rest)) = query.items.split_first() else {
            let mut scores = vec![0.0; self.end()];
            for &doc in self.identities.docs() {
                scores[doc as usize] = 1.0;
            }
            return scores;
        };
        let mut scores = self.item_scores(first);
        for item in rest {
            require(&mut scores, &self.item_scores(item));
        }
        self.boost(&mut scores, &query.whole);
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
            for (best, score) in best.iter_mut().zip(scores) {
                *best = best.max(score);
            }
            best
        });
        best.unwrap_or_default()
    }

    /// The worth of the best word that begins with `prefix`.
    fn prefix_scores(&self, prefix: &str) -> Vec<f32> {
        let mut scores = vec![0.0_f32; self.end()];
        let documents = self.len() as f32;
        for (word, postings) in self.dictionary.starting_with(prefix) {
            let closeness = if word.len() == prefix.len() {
                1.0
            } else {
                PREFIX_ONLY
            };
            let rarity = (1.0 + documents / postings.frequency() as f32).ln();
            postings.for_each_field(|field, docs| {
                let worth = field.weight() * rarity * closeness;
                docs.for_each(|doc| {
                    let score = &mut scores[doc as usize];
                    *score = score.max(worth);
                });
            });
        }
        scores
    }

    /// Lifts matching documents whose name or title begins with the whole term.
    fn boost(&self, scores: &mut [f32], whole: &str) {
        let mut lift = |docs: &[u32], boost: f32| {
            for &doc in docs {
                let score = &mut scores[doc as usize];
                *score += if *score > 0.0 { boost } else { 0.0 };
            }
        };
        let is_name = format!("{whole}{AFTER_NAME}");
        lift(self.identities.starting_with(whole), NAME_BEGINS);
        lift(self.identities.starting_with(&is_name), NAME_IS);
        lift(self.titles.starting_with(whole), TITLE_BEGINS);
        lift(self.titles.equal_to(whole), TITLE_IS);
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
