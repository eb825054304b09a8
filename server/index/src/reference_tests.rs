//! The index against the plain meaning of every question, through random changes.

use std::collections::{BTreeMap, BTreeSet};

use portico_model::{Entity, Predicate, RelationType, Targets, emitted_relations, flatten};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Direction, FullText, Index, Page, Query, Slot, SortPosition, Start};

type Rows = Vec<(String, Option<String>)>;

/// What is in the index, and nothing more clever than that.
#[derive(Default)]
struct Reference {
    entities: BTreeMap<String, (Uuid, Entity)>,
}

impl Reference {
    fn upsert(&mut self, id: Uuid, entity: Entity) {
        self.entities.retain(|_, (known, _)| *known != id);
        self.entities
            .insert(entity.entity_ref().to_string(), (id, entity));
    }

    fn relations(&self, entity_ref: &str) -> BTreeSet<(&'static str, String)> {
        self.entities
            .values()
            .flat_map(|(_, entity)| emitted_relations(entity))
            .filter(|relation| relation.source.to_string() == entity_ref)
            .map(|relation| (relation.kind.as_str(), relation.target.to_string()))
            .collect()
    }

    fn rows(&self, entity_ref: &str) -> Rows {
        let (id, entity) = &self.entities[entity_ref];
        let mut rows = vec![("metadata.uid".to_owned(), Some(id.to_string()))];
        flatten(entity, |key, value| {
            rows.push((key.to_owned(), value.map(str::to_owned)));
        });
        for (kind, target) in self.relations(entity_ref) {
            rows.push((format!("relations.{}", kind.to_lowercase()), Some(target)));
        }
        rows
    }

    fn values(&self, entity_ref: &str, key: &str) -> Vec<Option<String>> {
        let rows = self.rows(entity_ref).into_iter();
        rows.filter(|(row, _)| row == key)
            .map(|(_, value)| value)
            .collect()
    }

    /// The refs that match, in order.
    fn query(&self, asked: &Asked) -> Vec<String> {
        let contains = |entity_ref: &str| {
            asked.full_text.as_ref().is_none_or(|(term, key)| {
                let values = self.values(entity_ref, key).into_iter().flatten();
                values
                    .map(|value| value.to_lowercase())
                    .any(|value| value.contains(term))
            })
        };
        let mut matching: Vec<(bool, Option<String>, &String)> = self
            .entities
            .keys()
            .filter(|entity_ref| asked.predicate.matches(&self.rows(entity_ref)))
            .filter(|entity_ref| contains(entity_ref))
            .filter_map(|entity_ref| {
                let Some((key, _)) = &asked.order else {
                    return Some((true, None, entity_ref));
                };
                let values = self.values(entity_ref, key);
                let smallest = values
                    .iter()
                    .flatten()
                    .map(|value| value.to_lowercase())
                    .min();
                (!values.is_empty()).then_some((smallest.is_none(), smallest, entity_ref))
            })
            .collect();
        matching.sort();
        if matches!(asked.order, Some((_, Direction::Desc))) {
            matching.reverse();
        }
        matching
            .into_iter()
            .map(|(.., entity_ref)| entity_ref.clone())
            .collect()
    }

    fn facet(&self, key: &str, within: &BTreeSet<String>) -> Vec<(String, u64)> {
        let mut counts = BTreeMap::new();
        for entity_ref in within {
            let values: BTreeSet<String> =
                self.values(entity_ref, key).into_iter().flatten().collect();
            for value in values {
                *counts.entry(value).or_default() += 1;
            }
        }
        counts.into_iter().collect()
    }
}

#[derive(Clone, Debug)]
struct Asked {
    predicate: Predicate,
    full_text: Option<(String, String)>,
    order: Option<(String, Direction)>,
}

impl Asked {
    fn query(&self, start: Start, limit: usize) -> Query<'static> {
        let full_text = self.full_text.clone();
        Query {
            predicate: self.predicate.clone(),
            full_text: full_text.map(|(term, key)| FullText {
                term,
                fields: vec![key],
            }),
            order: self.order.clone().into_iter().collect(),
            start,
            limit,
            within: None,
        }
    }
}

const NAMES: [&str; 7] = ["a", "B", "c-1", "d", "Orders", "orders-api", "z"];
const KEYS: [&str; 9] = [
    "kind",
    "metadata.name",
    "metadata.tags",
    "metadata.tags.java",
    "spec.note",
    "spec.type",
    "metadata.uid",
    "relations.dependson",
    "relations.ownerof",
];

fn entity() -> impl Strategy<Value = Entity> {
    let kind = prop::sample::select(vec!["Component", "Resource", "Group"]);
    let name = prop::sample::select(&NAMES[..]);
    let reference = (kind.clone(), name.clone()).prop_map(|(kind, name)| format!("{kind}:{name}"));
    let references = prop::collection::vec(reference, 0..4);
    let kind_of = prop::sample::select(vec!["service", "Service", "library", "", "Årlig"]);
    let note = prop::sample::select(vec![
        Value::Null,
        json!("true"),
        json!("Note"),
        json!("x".repeat(201)),
        json!(7),
    ]);
    let tags = prop::collection::vec(prop::sample::select(vec!["java", "Java", "rust"]), 0..3);
    let parts = (
        kind,
        name,
        references.clone(),
        references,
        kind_of,
        prop::option::of(note),
        tags,
    );
    parts.prop_map(
        |(kind, name, depends_on, dependency_of, kind_of, note, tags)| {
            let mut spec = json!({
                "type": kind_of, "owner": NAMES[tags.len()],
                "dependsOn": depends_on, "dependencyOf": dependency_of,
            });
            if let Some(note) = note {
                spec["note"] = note;
            }
            let entity = json!({
                "apiVersion": "backstage.io/v1alpha1",
                "kind": kind,
                "metadata": {"name": name, "tags": tags},
                "spec": spec,
            });
            serde_json::from_value(entity).expect("an entity is a JSON object")
        },
    )
}

fn predicate() -> impl Strategy<Value = Predicate> {
    let key = prop::sample::select(&KEYS[..7]).prop_map(str::to_owned);
    let text = prop::sample::select(vec![
        "component",
        "a",
        "orders",
        "java",
        "true",
        "service",
        "årlig",
        "",
        "7",
        "note",
        "00000000-0000-0000-0000-000000000003",
    ]);
    let text = text.prop_map(str::to_owned);
    let target = prop::sample::select(vec![
        "group:default/a",
        "component:default/b",
        "resource:default/orders",
        "group:",
        "x",
    ]);
    let target = target.prop_map(str::to_owned);
    let targets = prop_oneof![
        Just(Targets::Any),
        prop::collection::vec(target.clone(), 0..3).prop_map(Targets::In),
        target.prop_map(Targets::HasPrefix),
    ];
    let kind = prop::sample::select(&RelationType::ALL[..]);
    let leaf = prop_oneof![
        Just(Predicate::Always),
        Just(Predicate::Never),
        key.clone().prop_map(Predicate::Exists),
        (key.clone(), prop::collection::vec(text.clone(), 0..3))
            .prop_map(|(key, values)| Predicate::In(key, values)),
        (key, text).prop_map(|(key, prefix)| Predicate::HasPrefix(key, prefix)),
        (kind, targets).prop_map(|(kind, targets)| Predicate::HasRelation { kind, targets }),
    ];
    leaf.prop_recursive(2, 12, 3, |part| {
        prop_oneof![
            prop::collection::vec(part.clone(), 0..3).prop_map(Predicate::All),
            prop::collection::vec(part.clone(), 0..3).prop_map(Predicate::Any),
            part.prop_map(|part| Predicate::Not(Box::new(part))),
        ]
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    let key = || prop::sample::select(&KEYS[..]).prop_map(str::to_owned);
    let term =
        prop::sample::select(vec!["o", "orders", "e", "-", "java", "å"]).prop_map(str::to_owned);
    let direction = prop_oneof![Just(Direction::Asc), Just(Direction::Desc)];
    (
        predicate(),
        prop::option::weighted(0.3, (term, key())),
        prop::option::weighted(0.7, (key(), direction)),
    )
        .prop_map(|(predicate, full_text, order)| Asked {
            predicate,
            full_text,
            order,
        })
}

#[derive(Clone, Debug)]
enum Change {
    Upsert(u128, Entity),
    Remove(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => (0u128..30, entity()).prop_map(|(id, entity)| Change::Upsert(id, entity)),
        1 => any::<prop::sample::Index>().prop_map(|at| Change::Remove(at.index(100))),
    ]
}

fn refs(index: &Index, slots: &[Slot]) -> Vec<String> {
    let label = |&slot| {
        index
            .label(slot)
            .expect("a page shows entities")
            .entity_ref
            .to_string()
    };
    slots.iter().map(label).collect()
}

/// Walks the whole result page by page, forwards and then backwards.
fn walk(index: &Index, asked: &Asked, limit: usize) -> (Vec<String>, Vec<String>, u64) {
    let (mut forwards, mut backwards) = (Vec::new(), Vec::new());
    let mut page = index.query(&asked.query(Start::Offset(0), limit));
    assert!(!page.has_prev);
    let total = page.total;
    loop {
        forwards.extend(refs(index, &page.slots));
        if !page.has_next {
            break;
        }
        let last = page.last.expect("a page with a next one is not empty");
        page = index.query(&asked.query(Start::After(last), limit));
        assert!(page.has_prev);
    }
    loop {
        let mut slots = refs(index, &page.slots);
        slots.append(&mut backwards);
        backwards = slots;
        if !page.has_prev {
            break;
        }
        let first = page.first.expect("a page with a previous one is not empty");
        page = index.query(&asked.query(Start::Before(first), limit));
        assert!(page.has_next);
    }
    (forwards, backwards, total)
}

fn check_questions(index: &Index, reference: &Reference, asked: &[Asked]) {
    for asked in asked {
        let expected = reference.query(asked);
        for limit in [1, 3, 100] {
            let (forwards, backwards, total) = walk(index, asked, limit);
            assert_eq!(forwards, expected, "{asked:?}");
            assert_eq!(backwards, expected, "{asked:?} backwards");
            assert_eq!(total, expected.len() as u64);
        }
        let page = index.query(&asked.query(Start::Offset(2), 2));
        assert_eq!(
            refs(index, &page.slots),
            expected.iter().skip(2).take(2).cloned().collect::<Vec<_>>()
        );
        let (first, last) = (page.slots.first(), page.slots.last());
        assert_eq!(
            (page.first.is_some(), page.last.is_some()),
            (first.is_some(), last.is_some())
        );

        let within = index.select(&asked.predicate);
        let names = refs(index, &within.iter().collect::<Vec<_>>())
            .into_iter()
            .collect();
        for (key, counts) in KEYS.iter().zip(index.facets(&KEYS, Some(&within))) {
            assert_eq!(
                counts,
                reference.facet(key, &names),
                "{key} {:?}",
                asked.predicate
            );
        }
    }
    let all = reference.entities.keys().cloned().collect();
    for (key, counts) in KEYS.iter().zip(index.facets(&KEYS, None)) {
        assert_eq!(counts, reference.facet(key, &all), "{key}");
    }
}

fn check_relations(index: &Index, reference: &Reference) {
    assert_eq!(index.len(), reference.entities.len());
    for (entity_ref, (id, _)) in &reference.entities {
        let slot = index.slot(entity_ref).expect("the entity is there");
        assert_eq!(index.slot_by_id(*id), Some(slot));
        let expected: Vec<_> = reference.relations(entity_ref).into_iter().collect();
        let found = index.relations(slot);
        let named: Vec<_> = found
            .iter()
            .map(|&(kind, target)| (kind.as_str(), target.to_owned()))
            .collect();
        assert_eq!(named, expected, "{entity_ref}");
        for (kind, count) in index.relation_counts(slot) {
            let (page, total) = index.relation_page(slot, kind, (1, 2), None);
            let all: Vec<&String> = expected
                .iter()
                .filter(|(name, _)| *name == kind.as_str())
                .map(|(_, t)| t)
                .collect();
            assert_eq!((count, total), (all.len() as u64, all.len() as u64));
            for (target, (shown, slot)) in all.iter().skip(1).zip(page) {
                assert_eq!(*target, shown);
                assert_eq!(slot, index.slot(shown));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn answers_are_those_of_the_plain_rules(
        rounds in prop::collection::vec((prop::collection::vec(change(), 1..12), prop::collection::vec(asked(), 1..4)), 1..4),
    ) {
        let (mut index, mut reference) = (Index::new(), Reference::default());
        for (changes, asked) in rounds {
            for change in changes {
                match change {
                    Change::Upsert(id, entity) => {
                        let id = Uuid::from_u128(id);
                        index.upsert(id, &entity);
                        reference.upsert(id, entity);
                    }
                    Change::Remove(at) => {
                        let entity_ref = reference.entities.keys().nth(at % NAMES.len()).cloned();
                        if let Some(entity_ref) = entity_ref {
                            prop_assert!(index.remove(&entity_ref).is_some());
                            reference.entities.remove(&entity_ref);
                        }
                    }
                }
            }
            check_questions(&index, &reference, &asked);
            check_relations(&index, &reference);
        }
    }
}

fn component(name: &str, spec: &Value) -> Entity {
    let entity = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": name},
        "spec": spec,
    });
    serde_json::from_value(entity).expect("an entity is a JSON object")
}

#[test]
fn a_version_changes_with_the_entity_and_with_relations_that_touch_it() {
    let mut index = Index::new();
    let a = index.upsert(
        Uuid::from_u128(1),
        &component("a", &json!({"owner": "team"})),
    );
    let b = index.upsert(
        Uuid::from_u128(2),
        &component("b", &json!({"owner": "team"})),
    );
    let versions = |index: &Index| (index.version(a), index.version(b));
    let before = versions(&index);

    let depends = component("a", &json!({"owner": "team", "dependsOn": ["component:b"]}));
    index.upsert(Uuid::from_u128(1), &depends);
    let linked = versions(&index);
    assert!(linked.0 > before.0 && linked.1 > before.1);

    index.upsert(Uuid::from_u128(1), &depends);
    let same = versions(&index);
    assert!(same.0 > linked.0, "the entity was written");
    assert_eq!(same.1, linked.1, "its relations are as they were");

    index.remove("component:default/a");
    assert!(index.version(b) > same.1);
    assert_eq!(index.label(a), None);
}

#[test]
fn many_changes_leave_nothing_behind() {
    let mut index = Index::new();
    for round in 0..50_u128 {
        for number in 0..100_u128 {
            let name = format!("c{number}");
            let spec = json!({"note": format!("{round}-{number}"), "dependsOn": [format!("component:r{round}")]});
            index.upsert(Uuid::from_u128(number), &component(&name, &spec));
        }
    }
    assert!(
        index.graph.len() < 110,
        "references no longer mentioned are forgotten"
    );
    let page = index.query(&Query {
        predicate: Predicate::HasPrefix("spec.note".to_owned(), "49-1".to_owned()),
        full_text: None,
        order: vec![("spec.note".to_owned(), Direction::Desc)],
        start: Start::Offset(0),
        limit: 2,
        within: None,
    });
    assert_eq!(
        refs(&index, &page.slots),
        ["component:default/c19", "component:default/c18"]
    );
    assert_eq!(
        page.first,
        Some(SortPosition {
            value: Some("49-19".to_owned()),
            entity_ref: "component:default/c19".to_owned()
        })
    );
    assert!(matches!(
        page,
        Page {
            total: 11,
            has_next: true,
            has_prev: false,
            ..
        }
    ));
    for number in 0..100 {
        index.remove(&format!("component:default/c{number}"));
    }
    assert!(index.is_empty());
    assert!(index.facets(&["kind"], None)[0].is_empty());
    assert_eq!(index.select(&Predicate::Exists("kind".to_owned())).len(), 0);
}

#[test]
fn thousands_of_relations_are_paged_by_target() {
    let mut index = Index::new();
    let mut names: Vec<String> = (0..5000)
        .map(|number| format!("component:default/c{number}"))
        .collect();
    for number in 0..5000 {
        let entity = component(&format!("c{number}"), &json!({"owner": "team"}));
        index.upsert(Uuid::from_u128(number), &entity);
    }
    let team = json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": {"name": "team"}, "spec": {"type": "team", "children": []}});
    let team = index.upsert(
        Uuid::from_u128(9999),
        &serde_json::from_value(team).expect("an entity"),
    );
    names.sort();
    let (page, total) = index.relation_page(team, RelationType::OwnerOf, (4990, 100), None);
    assert_eq!(total, 5000);
    assert!(
        page.iter()
            .map(|(target, _)| *target)
            .eq(names[4990..].iter())
    );
    assert!(page.iter().all(|(_, slot)| slot.is_some()));
}
