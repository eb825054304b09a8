//! What a search term asks for.

use crate::tokens::{fold, parts, words};

/// A parsed search term. Each item must match.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TermQuery {
    pub(crate) items: Vec<Item>,
    /// The whole term, folded.
    pub(crate) whole: String,
}

/// One blank-separated piece of the term: it matches when all prefixes of one
/// of the alternatives do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) alternatives: Vec<Vec<String>>,
}

impl TermQuery {
    pub(crate) fn parse(term: &str) -> Self {
        let items = term.split_whitespace().map(Item::parse);
        Self {
            items: items.filter(|item| !item.alternatives.is_empty()).collect(),
            whole: fold(term.trim()).into_owned(),
        }
    }

    /// Every prefix that a word may begin with.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = &str> {
        let alternatives = self.items.iter().flat_map(|item| &item.alternatives);
        alternatives.flatten().map(String::as_str)
    }
}

impl Item {
    fn parse(piece: &str) -> Self {
        let whole_words: Vec<String> = words(piece).map(|word| folded(&piece[word])).collect();
        let camel_parts: Vec<String> = words(piece)
            .flat_map(|word| {
                let word = &piece[word];
                parts(word).map(|part| folded(&word[part]))
            })
            .collect();
        let mut alternatives = Vec::new();
        if camel_parts.len() > whole_words.len() {
            alternatives.push(camel_parts);
        }
        if piece.contains('/') && !whole_words.is_empty() {
            alternatives.push(vec![folded(piece)]);
        }
        if !whole_words.is_empty() {
            alternatives.push(whole_words);
        }
        Self { alternatives }
    }
}

fn folded(text: &str) -> String {
    fold(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alternatives(term: &str) -> Vec<Vec<Vec<String>>> {
        TermQuery::parse(term)
            .items
            .into_iter()
            .map(|item| item.alternatives)
            .collect()
    }

    #[test]
    fn every_piece_must_match_in_some_way() {
        assert_eq!(
            alternatives(" Team-Orders  é "),
            [
                [["team", "orders"].map(String::from).to_vec()].to_vec(),
                [["e".to_owned()].to_vec()].to_vec()
            ]
        );
        assert_eq!(
            alternatives("OrdersService"),
            [[
                vec!["orders".to_owned(), "service".to_owned()],
                vec!["ordersservice".to_owned()]
            ]]
        );
        assert_eq!(alternatives("group:default/a")[0][0], ["group:default/a"]);
        assert_eq!(alternatives(" - "), [] as [Vec<Vec<String>>; 0]);
    }
}
