use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

fn document(name: &str, title: &str, description: &str) -> SearchDocument {
    SearchDocument {
        name: name.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        kind: "Component".to_owned(),
        namespace: "default".to_owned(),
        ..SearchDocument::default()
    }
}

fn index(documents: &[SearchDocument]) -> TextIndex {
    let mut index = TextIndex::new();
    for (doc, document) in (0..).zip(documents) {
        index.upsert(doc, document);
    }
    index
}

fn docs(index: &TextIndex, term: &str) -> Vec<u32> {
    index
        .search(term, None, 0, 100)
        .hits
        .into_iter()
        .map(|hit| hit.doc)
        .collect()
}

#[test]
fn the_name_comes_first_then_the_title_then_the_rest() {
    let index = index(&[
        document("billing", "", "Invoices for orders"),
        document("checkout", "Orders at the till", ""),
        document("orders-api", "", ""),
        document("orders", "", ""),
        document("shipping", "", "unrelated"),
    ]);
    assert_eq!(docs(&index, "Orders"), [3, 2, 1, 0]);
    assert_eq!(docs(&index, "orders till"), [1]);
    assert_eq!(docs(&index, "ord"), [3, 2, 1, 0]);
    assert_eq!(docs(&index, "nothing"), [] as [u32; 0]);
}

#[test]
fn every_word_must_match_as_a_prefix() {
    let index = index(&[
        document("OrdersService", "", "café"),
        document("orders-worker", "", ""),
        document("preorders", "", ""),
    ]);
    assert_eq!(docs(&index, "serv"), [0]);
    assert_eq!(docs(&index, "OrdersServ"), [0]);
    assert_eq!(docs(&index, "orders"), [1, 0]);
    assert_eq!(docs(&index, "OrdersWorker"), [1]);
    assert_eq!(docs(&index, "CAFE"), [0]);
    assert_eq!(docs(&index, "orders cafe"), [0]);
}

#[test]
fn an_owner_written_as_a_reference_is_one_word() {
    let owned = |name, owner: &str| SearchDocument {
        owner: owner.to_owned(),
        ..document(name, "", "")
    };
    let index = index(&[
        owned("a", "group:default/team-orders"),
        owned("b", "team-orders"),
    ]);
    assert_eq!(docs(&index, "orders"), [1]);
    assert_eq!(docs(&index, "group:default/team-orders"), [0]);
    assert_eq!(docs(&index, "team-orders"), [1]);
}

#[test]
fn equal_scores_are_ordered_by_name_and_cut_into_pages() {
    let names = ["delta", "alpha", "charlie", "bravo"];
    let index = index(&names.map(|name| document(name, "", "same words")));
    assert_eq!(docs(&index, "same"), [1, 3, 2, 0]);
    let page = index.search("same", None, 1, 2);
    assert_eq!((page.total, page.hits.len()), (4, 2));
    assert_eq!((page.hits[0].doc, page.hits[1].doc), (3, 2));
    assert_eq!(docs(&index, "  "), [1, 3, 2, 0]);
    let within = [0, 2].into_iter().collect();
    assert_eq!(index.search("same", Some(&within), 0, 9).total, 2);
    assert_eq!(
        index.search("same", None, 9, 9),
        Hits {
            total: 4,
            hits: Vec::new()
        }
    );
}

#[test]
fn the_recorded_search_of_the_incumbent() {
    let owned = |name: &str, title: &str, owner: &str| SearchDocument {
        owner: owner.to_owned(),
        ..document(name, title, "")
    };
    let index = index(&[
        owned("Orders-API.v2_x", "Orders API (v2)", "team-orders"),
        owned("inventory", "", "group:default/team-orders"),
        owned("web-shop", "", "user:alice"),
        owned("inventory", "ORDERS lookalike", "Group:Default/Team-Orders"),
        owned("team-orders", "Team Orders", ""),
        owned("alice", "Alice Ångström", ""),
        owned("long-values", "", "team-orders"),
    ]);
    let mut found = docs(&index, "orders");
    found.sort_unstable();
    assert_eq!(found, [0, 3, 4, 6]);
}

/// What a search should find, straight from the rule.
fn expected(documents: &BTreeMap<u32, String>, term: &str) -> BTreeSet<u32> {
    let matches = |text: &str| {
        let begins = |prefix: &str| text.split(' ').any(|word| word.starts_with(prefix));
        term.split(' ').all(begins)
    };
    documents
        .iter()
        .filter(|(_, text)| matches(text))
        .map(|(&doc, _)| doc)
        .collect()
}

proptest! {
    #[test]
    fn finds_what_the_rule_says_through_any_changes(
        changes in prop::collection::vec((0u32..12, prop::option::weighted(0.7, "[ab]{1,3}( [ab]{1,3}){0,3}")), 1..60),
        terms in prop::collection::vec("[ab]{1,2}( [ab]{1,2})?", 1..5),
    ) {
        let (mut index, mut texts) = (TextIndex::new(), BTreeMap::new());
        for (doc, text) in changes {
            if let Some(text) = text {
                index.upsert(doc, &SearchDocument { description: text.clone(), ..SearchDocument::default() });
                texts.insert(doc, text);
            } else {
                index.remove(doc);
                texts.remove(&doc);
            }
        }
        prop_assert_eq!(index.len(), texts.len());
        for term in terms {
            let found: BTreeSet<u32> = docs(&index, &term).into_iter().collect();
            prop_assert_eq!(found, expected(&texts, &term));
        }
    }
}
