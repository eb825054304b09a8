//! The relations between entities, in both directions.
//!
//! Every reference that is an entity or is mentioned by one has a node, and
//! the node's number is the entity's slot. Either end of a relation may
//! declare it, often both do; it is there while at least one does.

use std::{hash::BuildHasher, sync::Arc};

use hashbrown::{DefaultHashBuilder, HashTable};
use portico_model::RelationType;
use roaring::RoaringBitmap;

use crate::{Slot, slot_set::SlotSet, sorted::missing_from};

/// A relation seen from the entity that declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Declared {
    pub(crate) kind: RelationType,
    pub(crate) other: Slot,
}

#[derive(Debug, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    by_ref: HashTable<Slot>,
    hasher: DefaultHashBuilder,
    free: Vec<Slot>,
    /// The nodes that have a relation of each type.
    having: [RoaringBitmap; RelationType::ALL.len()],
    /// Nodes whose reference came or went since [`Graph::take_renamed`].
    renamed: Vec<Slot>,
}

#[derive(Debug, Default)]
struct Node {
    /// `None` while the slot is free.
    entity_ref: Option<Arc<str>>,
    /// Ascending.
    declared: Box<[Declared]>,
    /// By the name of the type; no empty set.
    edges: Vec<(RelationType, SlotSet)>,
}

impl Graph {
    /// The node of a reference, which is new or known.
    pub(crate) fn intern(&mut self, entity_ref: &str) -> Slot {
        if let Some(slot) = self.slot(entity_ref) {
            return slot;
        }
        let node = Node {
            entity_ref: Some(entity_ref.into()),
            ..Node::default()
        };
        let slot = if let Some(slot) = self.free.pop() {
            self.nodes[slot as usize] = node;
            slot
        } else {
            self.nodes.push(node);
            self.nodes.len() as Slot - 1
        };
        let hash = self.hasher.hash_one(entity_ref);
        let Self {
            nodes,
            by_ref,
            hasher,
            ..
        } = self;
        by_ref.insert_unique(hash, slot, |&slot| {
            hasher.hash_one(nodes[slot as usize].text())
        });
        self.renamed.push(slot);
        slot
    }

    /// The node of a reference.
    pub(crate) fn slot(&self, entity_ref: &str) -> Option<Slot> {
        let hash = self.hasher.hash_one(entity_ref);
        self.by_ref
            .find(hash, |&slot| self.entity_ref(slot) == entity_ref)
            .copied()
    }

    /// The reference of a node; empty for a free slot.
    pub(crate) fn entity_ref(&self, slot: Slot) -> &str {
        self.nodes[slot as usize].text()
    }

    /// The reference of a node, to keep.
    pub(crate) fn shared_ref(&self, slot: Slot) -> Option<Arc<str>> {
        self.nodes[slot as usize].entity_ref.clone()
    }

    /// How many slots there are, free ones too.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether a slot is an entity or a mentioned reference.
    pub(crate) fn is_used(&self, slot: Slot) -> bool {
        self.nodes[slot as usize].entity_ref.is_some()
    }

    /// The nodes whose reference came or went since the last call.
    pub(crate) fn take_renamed(&mut self) -> Vec<Slot> {
        std::mem::take(&mut self.renamed)
    }

    /// The relations of a node, by type name.
    pub(crate) fn edges(&self, slot: Slot) -> &[(RelationType, SlotSet)] {
        &self.nodes[slot as usize].edges
    }

    /// The targets of a node's relations of one type.
    pub(crate) fn targets(&self, slot: Slot, kind: RelationType) -> &SlotSet {
        let edges = self.edges(slot);
        edges
            .iter()
            .find(|(other, _)| *other == kind)
            .map_or(&SlotSet::Empty, |(_, targets)| targets)
    }

    /// The nodes that have a relation of one type.
    pub(crate) fn having(&self, kind: RelationType) -> &RoaringBitmap {
        &self.having[kind as usize]
    }

    /// Replaces what an entity declares, and tells `changed` each node that
    /// gained or lost a relation. `declared` is ascending without repeats.
    pub(crate) fn declare(
        &mut self,
        slot: Slot,
        declared: Vec<Declared>,
        mut changed: impl FnMut(Slot),
    ) {
        let after = declared.into_boxed_slice();
        let before = std::mem::replace(&mut self.nodes[slot as usize].declared, after.clone());
        for &lost in missing_from(&before, &after) {
            if !self.declares(lost.other, lost.kind.inverse(), slot) {
                self.unlink(slot, lost.kind, lost.other);
                self.unlink(lost.other, lost.kind.inverse(), slot);
                changed(slot);
                changed(lost.other);
            }
        }
        for &gained in missing_from(&after, &before) {
            if self.link(slot, gained.kind, gained.other) {
                self.link(gained.other, gained.kind.inverse(), slot);
                changed(slot);
                changed(gained.other);
            }
        }
    }

    /// Frees the slot of a node that no relation touches.
    pub(crate) fn release(&mut self, slot: Slot) {
        let node = &mut self.nodes[slot as usize];
        if !node.edges.is_empty() || node.entity_ref.is_none() {
            return;
        }
        let hash = self.hasher.hash_one(node.text());
        if let Ok(entry) = self.by_ref.find_entry(hash, |&other| other == slot) {
            entry.remove();
        }
        *node = Node::default();
        self.free.push(slot);
        self.renamed.push(slot);
    }

    fn declares(&self, slot: Slot, kind: RelationType, other: Slot) -> bool {
        self.nodes[slot as usize]
            .declared
            .binary_search(&Declared { kind, other })
            .is_ok()
    }

    fn link(&mut self, slot: Slot, kind: RelationType, other: Slot) -> bool {
        let edges = &mut self.nodes[slot as usize].edges;
        let at = match edges.binary_search_by_key(&kind.as_str(), |(kind, _)| kind.as_str()) {
            Ok(at) => at,
            Err(at) => {
                edges.reserve_exact(1);
                edges.insert(at, (kind, SlotSet::Empty));
                self.having[kind as usize].insert(slot);
                at
            }
        };
        edges[at].1.insert(other)
    }

    fn unlink(&mut self, slot: Slot, kind: RelationType, other: Slot) {
        let edges = &mut self.nodes[slot as usize].edges;
        if let Ok(at) = edges.binary_search_by_key(&kind.as_str(), |(kind, _)| kind.as_str()) {
            edges[at].1.remove(other);
            if edges[at].1.is_empty() {
                edges.remove(at);
                self.having[kind as usize].remove(slot);
            }
        }
    }
}

impl Node {
    fn text(&self) -> &str {
        self.entity_ref.as_deref().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use RelationType::{DependencyOf, DependsOn, OwnedBy, OwnerOf};

    use super::*;

    fn declare(graph: &mut Graph, from: &str, relations: &[(RelationType, &str)]) -> Vec<String> {
        let slot = graph.intern(from);
        let mut declared: Vec<Declared> = relations
            .iter()
            .map(|&(kind, other)| Declared {
                kind,
                other: graph.intern(other),
            })
            .collect();
        declared.sort_unstable();
        let mut changed = Vec::new();
        graph.declare(slot, declared, |slot| changed.push(slot));
        changed.sort_unstable();
        changed.dedup();
        changed
            .into_iter()
            .map(|slot| graph.entity_ref(slot).to_owned())
            .collect()
    }

    fn relations(graph: &Graph, from: &str) -> Vec<(RelationType, String)> {
        let slot = graph.slot(from).expect("a node");
        let edges = graph.edges(slot).iter();
        edges
            .flat_map(|(kind, targets)| targets.iter().map(move |target| (*kind, target)))
            .map(|(kind, target)| (kind, graph.entity_ref(target).to_owned()))
            .collect()
    }

    #[test]
    fn a_relation_lives_while_either_end_declares_it() {
        let mut graph = Graph::default();
        assert_eq!(declare(&mut graph, "a", &[(DependsOn, "b")]), ["a", "b"]);
        assert_eq!(
            declare(&mut graph, "b", &[(DependencyOf, "a")]),
            [] as [&str; 0]
        );
        assert_eq!(declare(&mut graph, "a", &[]), [] as [&str; 0]);
        assert_eq!(relations(&graph, "a"), [(DependsOn, "b".to_owned())]);
        assert_eq!(relations(&graph, "b"), [(DependencyOf, "a".to_owned())]);
        assert_eq!(declare(&mut graph, "b", &[]), ["a", "b"]);
        assert_eq!(relations(&graph, "a"), []);
        assert!(graph.having(DependsOn).is_empty());
    }

    #[test]
    fn an_unchanged_relation_changes_nobody() {
        let mut graph = Graph::default();
        declare(&mut graph, "a", &[(OwnedBy, "team"), (DependsOn, "b")]);
        let changed = declare(&mut graph, "a", &[(OwnedBy, "team"), (DependsOn, "c")]);
        assert_eq!(changed, ["a", "b", "c"]);
        assert_eq!(relations(&graph, "team"), [(OwnerOf, "a".to_owned())]);
    }

    #[test]
    fn an_entity_may_relate_to_itself() {
        let mut graph = Graph::default();
        declare(&mut graph, "a", &[(DependsOn, "a")]);
        let itself = "a".to_owned();
        assert_eq!(
            relations(&graph, "a"),
            [(DependencyOf, itself.clone()), (DependsOn, itself)]
        );
        declare(&mut graph, "a", &[]);
        assert_eq!(relations(&graph, "a"), []);
    }

    #[test]
    fn a_released_slot_is_used_again() {
        let mut graph = Graph::default();
        let (a, b) = (graph.intern("a"), graph.intern("b"));
        graph.declare(
            a,
            vec![Declared {
                kind: DependsOn,
                other: b,
            }],
            |_| {},
        );
        graph.release(b);
        assert!(graph.is_used(b), "a still depends on b");
        graph.declare(a, Vec::new(), |_| {});
        graph.release(b);
        assert_eq!(graph.slot("b"), None);
        assert_eq!(graph.intern("c"), b);
    }
}
