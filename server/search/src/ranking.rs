//! The best documents, without sorting all of them.

use crate::{Hit, sorted_texts::SortedTexts};

/// How many documents have a score, and the `count` best of them, best first;
/// those of equal score in the order of `names`.
pub(crate) fn best(names: &SortedTexts, scores: &[f32], count: usize) -> (u64, Vec<Hit>) {
    let places = names.places_of_docs();
    let scored = scores.iter().zip(places).filter(|&(&score, _)| score > 0.0);
    let mut ranks: Vec<u64> = scored.map(|(&score, &place)| rank(score, place)).collect();
    let total = ranks.len() as u64;
    if count < ranks.len() {
        ranks.select_nth_unstable(count);
        ranks.truncate(count);
    }
    ranks.sort_unstable();
    let hits = ranks.into_iter().map(|rank| {
        let doc = names.docs()[(rank & PLACE) as usize];
        let score = scores[doc as usize];
        Hit { doc, score }
    });
    (total, hits.collect())
}

/// The part of a rank that is a place.
const PLACE: u64 = 0xffff_ffff;

/// One number to sort by, the best first: scores are positive, and the bits of
/// positive floats order as the floats do.
fn rank(score: f32, place: u32) -> u64 {
    u64::from(!score.to_bits()) << 32 | u64::from(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documents named in the reverse of their numbers.
    fn names(count: u32) -> SortedTexts {
        let mut names = SortedTexts::default();
        for doc in 0..count {
            names.insert(format!("name-{:05}", count - doc).into(), doc);
        }
        names
    }

    #[test]
    fn the_best_come_first_and_equals_by_name() {
        let scores = [1.0, 0.0, 2.5, 1.0, 0.5];
        let (total, hits) = best(&names(5), &scores, 3);
        let found: Vec<(u32, f32)> = hits.iter().map(|hit| (hit.doc, hit.score)).collect();
        assert_eq!((total, found), (4, vec![(2, 2.5), (3, 1.0), (0, 1.0)]));
    }

    #[test]
    fn some_of_the_best_are_the_first_of_all() {
        let names = names(500);
        for levels in [1, 2, 7, 400] {
            let scores: Vec<f32> = (0..500_u16)
                .map(|doc| f32::from(doc * 31 % levels))
                .collect();
            let (total, all) = best(&names, &scores, 500);
            assert_eq!(total, all.len() as u64);
            for count in [0, 1, 10, 200, 499] {
                let (_, some) = best(&names, &scores, count);
                assert_eq!(
                    some,
                    all[..count.min(all.len())],
                    "{levels} scores, {count}"
                );
            }
        }
    }
}
