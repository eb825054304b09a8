//! Single entities: by ref, by uid, many by ref, and where they descend from.

use std::collections::{HashMap, HashSet, VecDeque};

use bytes::Bytes;
use portico_access::{Action, Principal, Resource, Scope};
use portico_index::{Label, Slot};
use portico_model::{EntityRef, Predicate};
use portico_store::Problem;
use uuid::Uuid;

use crate::{Catalog, CatalogError, error::Result};

/// How far up the ancestry is followed. Deeper chains are configuration mistakes.
const MAX_ANCESTRY: usize = 1000;

/// One entity with what is known about it.
#[derive(Clone, Debug)]
pub struct EntityDetail {
    /// Kind, title, owner: what headers and links need.
    pub label: Label,
    /// The served JSON.
    pub body: Bytes,
    /// What is wrong with its source.
    pub problems: Vec<Problem>,
    /// No source delivers it any more.
    pub orphan: bool,
    /// Refs of its owners.
    pub owners: Vec<String>,
}

/// An entity of an ancestry, with the entities that brought it in.
#[derive(Clone, Debug)]
pub struct AncestryItem {
    /// The served JSON.
    pub entity: Bytes,
    /// Refs of its direct parents.
    pub parents: Vec<String>,
}

impl Catalog {
    /// The served JSON of one entity.
    pub async fn entity(&self, who: &Principal, entity_ref: &EntityRef) -> Result<Bytes> {
        let scope = self.sight(who)?;
        let name = entity_ref.to_string();
        let slot = self.slot_of(&scope, &name)?;
        self.body(&scope, slot, &name).await
    }

    /// The served JSON of the entity with this `metadata.uid`.
    pub async fn entity_by_uid(&self, who: &Principal, uid: Uuid) -> Result<Bytes> {
        let name = self.ref_of_uid(who, uid)?;
        let scope = self.sight(who)?;
        let slot = self.slot_of(&scope, &name)?;
        self.body(&scope, slot, &format!("entity with uid {uid}"))
            .await
    }

    /// The ref of the entity with this `metadata.uid`.
    pub fn ref_of_uid(&self, who: &Principal, uid: Uuid) -> Result<String> {
        let scope = self.sight(who)?;
        self.read_model()
            .read(|state| {
                let slot = state.index.slot_by_id(uid)?;
                state.visible(&scope).sees(slot).then_some(())?;
                state
                    .index
                    .label(slot)
                    .map(|label| label.entity_ref.to_string())
            })
            .ok_or_else(|| CatalogError::NotFound(format!("entity with uid {uid}")))
    }

    /// The served JSON of each ref, in request order; `None` where there is no such
    /// entity. Refs must be written in full and lower-case, as clients of the catalog do.
    pub async fn entities_by_refs(
        &self,
        who: &Principal,
        refs: &[String],
        within: Option<&Predicate>,
    ) -> Result<Vec<Option<Bytes>>> {
        let scope = self.sight(who)?;
        let slots: Vec<Option<Slot>> = self.read_model().read(|state| {
            let visible = state.visible(&scope);
            let allowed = visible.matching(state, within.unwrap_or(&Predicate::Always));
            refs.iter()
                .map(|entity_ref| state.index.slot(entity_ref))
                .map(|slot| {
                    slot.filter(|&slot| allowed.as_ref().is_none_or(|set| set.contains(slot)))
                })
                .collect()
        });
        let found: Vec<Slot> = slots.iter().flatten().copied().collect();
        let mut bodies = self
            .read_model()
            .bodies(self.store(), &scope, &found)
            .await?
            .into_iter();
        Ok(slots
            .into_iter()
            .map(|slot| slot.and_then(|_| bodies.next().flatten()))
            .collect())
    }

    /// One entity with its problems and owners.
    pub async fn entity_detail(
        &self,
        who: &Principal,
        entity_ref: &EntityRef,
    ) -> Result<EntityDetail> {
        let body = self.entity(who, entity_ref).await?;
        let name = entity_ref.to_string();
        self.read_model()
            .read(|state| {
                let slot = state.index.slot(&name)?;
                Some(EntityDetail {
                    label: state.index.label(slot)?.clone(),
                    body,
                    problems: state.problems(slot),
                    orphan: state.is_orphan(slot),
                    owners: owners(&state.index, slot),
                })
            })
            .ok_or(CatalogError::NotFound(name))
    }

    /// Labels of the refs that exist.
    pub fn labels_of(&self, who: &Principal, refs: &[String]) -> Result<HashMap<String, Label>> {
        let scope = self.sight(who)?;
        Ok(self.read_model().read(|state| {
            let visible = state.visible(&scope);
            refs.iter()
                .filter_map(|name| {
                    let slot = state.index.slot(name).filter(|&slot| visible.sees(slot))?;
                    let label = state.index.label(slot)?;
                    Some((name.clone(), label.clone()))
                })
                .collect()
        }))
    }

    /// The entity and, breadth first, everything it descends from, up to the root locations.
    pub async fn ancestry(
        &self,
        who: &Principal,
        entity_ref: &EntityRef,
    ) -> Result<Vec<AncestryItem>> {
        let root = entity_ref.to_string();
        self.entity(who, entity_ref).await?;
        let mut queue = VecDeque::from([root]);
        let mut seen: Vec<(String, Vec<String>)> = Vec::new();
        while let Some(name) = queue.pop_front() {
            if seen.len() >= MAX_ANCESTRY || seen.iter().any(|(done, _)| *done == name) {
                continue;
            }
            let parents = self.parents(&name).await?;
            queue.extend(parents.iter().cloned());
            seen.push((name, parents));
        }
        let names: Vec<String> = seen.iter().map(|(name, _)| name.clone()).collect();
        let bodies = self.entities_by_refs(who, &names, None).await?;
        // Those that are not there for whoever asks are nobody's parents either. Roots that
        // have no entity have been named ever since.
        let hidden: HashSet<String> = names
            .iter()
            .filter(|name| self.exists(name) && !self.sees(who, name))
            .cloned()
            .collect();
        Ok(seen
            .into_iter()
            .zip(bodies)
            .filter_map(|((_, mut parents), entity)| {
                parents.retain(|parent| !hidden.contains(parent));
                Some(AncestryItem {
                    entity: entity?,
                    parents,
                })
            })
            .collect())
    }

    /// Removes an entity now. It comes back when its source, still in the catalog, changes.
    /// Gives the refs that are gone: its own, and those of what only it brought in.
    pub async fn delete_entity(
        &self,
        who: &Principal,
        entity_ref: &EntityRef,
    ) -> Result<Vec<String>> {
        let name = entity_ref.to_string();
        let owners = self.owners_of(who, &name)?;
        let resource = Resource::Entity {
            entity_ref: &name,
            owners: &owners,
        };
        let grounds = self.require(who, Action::EntityDelete, &resource)?;
        let event = Self::audit(
            who,
            Action::EntityDelete,
            &resource,
            grounds,
            serde_json::Value::Null,
        );
        self.store()
            .delete_entity(&name, &event, crate::now())
            .await?;
        let deletes = self.deletes_orphans();
        let unheld = self.store().remove_unreachable(deletes, crate::now()).await;
        self.follow().await?;
        self.wake_ingestion();
        let mut gone = vec![name];
        gone.extend(unheld?.into_iter().filter(|_| deletes));
        Ok(gone)
    }

    /// Owners of an entity that must exist for whoever asks.
    pub(crate) fn owners_of(&self, who: &Principal, name: &str) -> Result<Vec<String>> {
        let slot = self.slot_of(&self.sight(who)?, name)?;
        Ok(self.read_model().read(|state| owners(&state.index, slot)))
    }

    /// The slot of an entity that must exist for somebody who sees what is in `scope`.
    pub(crate) fn slot_of(&self, scope: &Scope, name: &str) -> Result<Slot> {
        self.read_model()
            .read(|state| state.seen(scope, name))
            .ok_or_else(|| CatalogError::NotFound(name.to_owned()))
    }

    fn exists(&self, name: &str) -> bool {
        self.read_model()
            .read(|state| state.index.slot(name).is_some())
    }

    async fn body(&self, scope: &Scope, slot: Slot, name: &str) -> Result<Bytes> {
        let missing = || CatalogError::NotFound(name.to_owned());
        let bodies = self
            .read_model()
            .bodies(self.store(), scope, &[slot])
            .await?;
        bodies.into_iter().next().flatten().ok_or_else(missing)
    }
}

pub(crate) fn owners(index: &portico_index::Index, slot: Slot) -> Vec<String> {
    let owners = index.related(slot, portico_model::RelationType::OwnedBy);
    owners.into_iter().map(str::to_owned).collect()
}
