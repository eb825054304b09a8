//! What an entity is related to, in pages: some have thousands of relations.

use portico_access::Principal;
use portico_index::Label;
use portico_model::{EntityRef, RelationType};

use crate::{Catalog, CatalogError, error::Result, visible::Visible};

/// The other end of a relation.
#[derive(Clone, Debug)]
pub struct RelatedEntity {
    /// Full reference.
    pub entity_ref: String,
    /// Its label, or `None` when there is no such entity (a broken reference).
    pub label: Option<Label>,
}

/// All relations of one type, one page of them in `items`.
#[derive(Clone, Debug)]
pub struct RelationGroup {
    /// What the relation means.
    pub kind: RelationType,
    /// How many there are in all.
    pub total: usize,
    /// This page, ordered by reference.
    pub items: Vec<RelatedEntity>,
}

impl Catalog {
    /// Every relation type the entity has, with the first `limit` of each.
    pub fn relation_groups(
        &self,
        who: &Principal,
        entity_ref: &EntityRef,
        limit: usize,
    ) -> Result<Vec<RelationGroup>> {
        let scope = self.sight(who)?;
        let name = entity_ref.to_string();
        self.read_model()
            .read(|state| {
                let slot = state.seen(&scope, &name)?;
                let visible = state.visible(&scope);
                let counts = state.index.relation_counts(slot);
                Some(
                    counts
                        .into_iter()
                        .map(|(kind, _)| group(&state.index, slot, kind, (0, limit), &visible))
                        .filter(|group| group.total > 0)
                        .collect(),
                )
            })
            .ok_or(CatalogError::NotFound(name))
    }

    /// One page of the relations of one type.
    pub fn relation_page(
        &self,
        who: &Principal,
        entity_ref: &EntityRef,
        kind: RelationType,
        offset: usize,
        limit: usize,
    ) -> Result<RelationGroup> {
        let scope = self.sight(who)?;
        let name = entity_ref.to_string();
        self.read_model()
            .read(|state| {
                let slot = state.seen(&scope, &name)?;
                let visible = state.visible(&scope);
                Some(group(&state.index, slot, kind, (offset, limit), &visible))
            })
            .ok_or(CatalogError::NotFound(name))
    }
}

fn group(
    index: &portico_index::Index,
    slot: portico_index::Slot,
    kind: RelationType,
    part: (usize, usize),
    visible: &Visible,
) -> RelationGroup {
    let (page, total) = index.relation_page(slot, kind, part, visible.within());
    let items = page
        .into_iter()
        .map(|(entity_ref, target)| RelatedEntity {
            entity_ref: entity_ref.to_owned(),
            label: target.and_then(|target| index.label(target)).cloned(),
        })
        .collect();
    RelationGroup {
        kind,
        total: total as usize,
        items,
    }
}
