//! Unregistering: what goes when nobody wants an entity any more, and who may have it go.
//!
//! An entity goes with the registered location that it descends from, and with everything that
//! only this location brings. One that comes from elsewhere goes alone.

use std::collections::BTreeSet;

use portico_access::{Action, Grounds, Principal, Resource};
use portico_model::EntityRef;
use portico_store::LocationRow;

use crate::{Catalog, CatalogError, entities::owners, error::Result, providers, read_model::State};

/// What unregistering an entity would do, for somebody.
#[derive(Clone, Debug)]
pub struct Removal {
    /// The registered location that would go; none when it is the entity alone, which comes back
    /// when its file changes.
    pub location: Option<LocationRow>,
    /// The refs that would go, as far as they may be seen.
    pub affected: Vec<String>,
    /// Whether whoever asks may do it.
    pub may: bool,
}

impl Catalog {
    /// What unregistering an entity would do. Not found, too, is what descends from a location
    /// that whoever asks may not see.
    pub async fn removal_of(&self, who: &Principal, entity_ref: &EntityRef) -> Result<Removal> {
        let name = entity_ref.to_string();
        let location = self.removable_location(who, entity_ref).await?;
        let (affected, may) = if let Some(location) = &location {
            let goes = self.store().brought_by_location(location.id).await?;
            (goes, self.may_unregister(who, location).await?)
        } else {
            let may = self.permits(who, Action::EntityDelete.as_str(), Some(&name));
            (self.brought_by(&name).await?, may)
        };
        Ok(Removal {
            affected: self.seen_of(who, affected)?,
            location,
            may,
        })
    }

    /// Whether somebody may unregister an entity.
    pub async fn may_remove(&self, who: &Principal, entity_ref: &EntityRef) -> Result<bool> {
        match self.removal_of(who, entity_ref).await {
            Ok(removal) => Ok(removal.may),
            Err(CatalogError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Unregisters an entity, as [`Catalog::removal_of`] says. Gives the refs that are gone.
    pub async fn remove(&self, who: &Principal, entity_ref: &EntityRef) -> Result<Vec<String>> {
        match self.removable_location(who, entity_ref).await? {
            Some(location) => self.unregister_location(who, location.id).await,
            None => self.delete_entity(who, entity_ref).await,
        }
    }

    /// The owners of each entity that would go with a location: who owns all of them may
    /// unregister it. Location entities that nobody owns are part of the location.
    pub async fn owners_of_what_goes(&self, location: &LocationRow) -> Result<Vec<Vec<String>>> {
        let goes = self.store().brought_by_location(location.id).await?;
        let all: BTreeSet<Vec<String>> = self.read_model().read(|state| {
            let all = goes.iter().map(|name| (name, owners_in(state, name)));
            all.filter(|(name, owners)| !(owners.is_empty() && name.starts_with("location:")))
                .map(|(_, owners)| owners)
                .collect()
        });
        Ok(all.into_iter().collect())
    }

    /// Fails unless somebody may unregister a location.
    pub(crate) async fn require_unregister(
        &self,
        who: &Principal,
        location: &LocationRow,
    ) -> Result<Grounds> {
        let goes = self.owners_of_what_goes(location).await?;
        let target = location.key.to_string();
        self.require(
            who,
            Action::LocationDelete,
            &resource(location, &target, &goes),
        )
    }

    async fn may_unregister(&self, who: &Principal, location: &LocationRow) -> Result<bool> {
        let goes = self.owners_of_what_goes(location).await?;
        let target = location.key.to_string();
        let resource = resource(location, &target, &goes);
        Ok(self
            .authorizer()
            .allows(who, Action::LocationDelete, &resource))
    }

    /// The registered location that goes with an entity. What a plugin's provider brings goes
    /// alone: its location is there as long as the plugin is active.
    async fn removable_location(
        &self,
        who: &Principal,
        entity_ref: &EntityRef,
    ) -> Result<Option<LocationRow>> {
        let location = self.registered_for(who, entity_ref).await?;
        let location = location.filter(|it| it.key.kind != providers::KIND);
        match location {
            Some(location) if !self.sees_location(who, &location) => Err(CatalogError::NotFound(
                format!("the registered location of {entity_ref}"),
            )),
            location => Ok(location),
        }
    }

    /// An entity, and what is deleted with it because only it brings that.
    async fn brought_by(&self, name: &str) -> Result<Vec<String>> {
        let mut all = vec![name.to_owned()];
        if self.deletes_orphans() {
            all.extend(self.store().brought_by_entity(name).await?);
        }
        Ok(all)
    }

    /// Those of the refs that somebody sees.
    fn seen_of(&self, who: &Principal, mut refs: Vec<String>) -> Result<Vec<String>> {
        let scope = self.sight(who)?;
        self.read_model().read(|state| {
            let visible = state.visible(&scope);
            refs.retain(|name| state.index.slot(name).is_some_and(|it| visible.sees(it)));
        });
        Ok(refs)
    }
}

/// A location to be unregistered, for the seam.
fn resource<'a>(
    location: &'a LocationRow,
    target: &'a str,
    goes: &'a [Vec<String>],
) -> Resource<'a> {
    Resource::Location {
        target,
        created_by: location.created_by.as_deref(),
        goes,
    }
}

/// The owners of an entity; nobody, when it is not known here yet.
fn owners_in(state: &State, name: &str) -> Vec<String> {
    let slot = state.index.slot(name);
    slot.map_or_else(Vec::new, |slot| owners(&state.index, slot))
}
