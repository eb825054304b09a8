//! Registered locations: preview, register, list, unregister.

use std::collections::HashSet;

use portico_access::{Action, Grounds, Principal, Resource, Scope};
use portico_model::{EntityRef, LocationRef};
use portico_store::{LocationRow, Problem, SourceKey};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Catalog, CatalogError,
    error::Result,
    ingest::{Processed, SourceContext},
    now,
};

/// How many files a preview reads before it stops following Location entities.
const PREVIEW_FILES: usize = 50;

/// What to do when the location is registered already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnConflict {
    /// Read it again and answer with the existing registration.
    Refresh,
    /// Refuse.
    #[default]
    Reject,
}

/// An entity that a location would bring.
#[derive(Clone, Debug)]
pub struct PreviewedEntity {
    /// Full reference.
    pub entity_ref: String,
    /// The document, as JSON text.
    pub document: String,
    /// The file it is in, as `type:target`.
    pub source: String,
    /// Line of the document in that file, from 1.
    pub line: i32,
    /// Whether the catalog has an entity of that ref already.
    pub exists: bool,
}

/// What registering a location would do.
#[derive(Clone, Debug, Default)]
pub struct LocationPreview {
    /// Whether the location is registered already.
    pub exists: bool,
    /// The entities that would appear.
    pub entities: Vec<PreviewedEntity>,
    /// Everything wrong with its files: `type:target` of the file, and the problem.
    pub problems: Vec<(String, Problem)>,
    /// More files follow that the preview did not read.
    pub truncated: bool,
}

/// A registration and whether it was there before.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The row.
    pub location: LocationRow,
    /// Whether it existed before this call.
    pub existed: bool,
}

impl Catalog {
    /// What registering `key` would bring, without storing anything.
    pub async fn preview_location(
        &self,
        who: &Principal,
        key: &SourceKey,
    ) -> Result<LocationPreview> {
        self.check_registration(who, key)?;
        let mut preview = LocationPreview {
            exists: self
                .store()
                .location_by_key(key)
                .await?
                .is_some_and(|location| self.sees_location(who, &location)),
            ..LocationPreview::default()
        };
        let origin = key.to_string();
        let mut queue = vec![key.clone()];
        let mut seen = HashSet::new();
        while let Some(next) = queue.pop() {
            if !seen.insert(next.to_string()) {
                continue;
            }
            if seen.len() > PREVIEW_FILES {
                preview.truncated = true;
                break;
            }
            let context = SourceContext {
                key: next.clone(),
                origin: origin.clone(),
                root: next.to_string() == origin,
            };
            match self.read_and_process(&context).await {
                Ok(processed) => {
                    self.add_to_preview(who, &mut preview, &mut queue, &next, processed);
                }
                Err(error) if next.to_string() == origin => return Err(error),
                Err(error) => {
                    preview
                        .problems
                        .push((next.to_string(), Self::read_problem(&error)));
                }
            }
        }
        Ok(preview)
    }

    /// Registers a location; its entities appear as soon as it has been read.
    pub async fn register_location(
        &self,
        who: &Principal,
        key: &SourceKey,
        on_conflict: OnConflict,
    ) -> Result<Registration> {
        let grounds = self.check_registration(who, key)?;
        let target = key.to_string();
        if let Some(location) = self.store().location_by_key(key).await? {
            if on_conflict == OnConflict::Reject {
                return Err(CatalogError::Conflict(format!(
                    "location {target} is registered already; refresh it instead"
                )));
            }
            let resource = Resource::Location {
                target: &target,
                created_by: location.created_by.as_deref(),
                goes: &[],
            };
            let details = json!({"refreshed": true});
            let event = Self::audit(who, Action::LocationCreate, &resource, grounds, details);
            self.store().append_audit(&event).await?;
            self.store().make_due(vec![key.id()], true, now()).await?;
            self.wake_ingestion();
            return Ok(Registration {
                location,
                existed: true,
            });
        }
        let resource = Resource::Location {
            target: &target,
            created_by: None,
            goes: &[],
        };
        let event = Self::audit(who, Action::LocationCreate, &resource, grounds, json!({}));
        let (location, existed) = self
            .store()
            .add_location(key, who.user_ref(), &event, now())
            .await?;
        self.wake_ingestion();
        Ok(Registration { location, existed })
    }

    /// Every registered location.
    pub async fn locations(&self, who: &Principal) -> Result<Vec<LocationRow>> {
        self.require(who, Action::LocationRead, &Resource::Any)?;
        let mut locations = self.store().list_locations().await?;
        if self.authorizer().scope(who, Action::LocationRead) != Scope::Everything {
            locations.retain(|location| self.sees_location(who, location));
        }
        Ok(locations)
    }

    pub(crate) fn sees_location(&self, who: &Principal, location: &LocationRow) -> bool {
        let resource = Resource::Location {
            target: &location.key.to_string(),
            created_by: location.created_by.as_deref(),
            goes: &[],
        };
        self.authorizer()
            .allows(who, Action::LocationRead, &resource)
    }

    /// One registered location.
    pub async fn location(&self, who: &Principal, id: Uuid) -> Result<LocationRow> {
        self.require(who, Action::LocationRead, &Resource::Any)?;
        self.store()
            .get_location(id)
            .await?
            .filter(|location| self.sees_location(who, location))
            .ok_or_else(|| CatalogError::NotFound(format!("location {id}")))
    }

    /// The registered location that an entity descends from.
    pub async fn location_of_entity(
        &self,
        who: &Principal,
        entity_ref: &EntityRef,
    ) -> Result<LocationRow> {
        self.require(who, Action::LocationRead, &Resource::Any)?;
        self.registered_for(who, entity_ref)
            .await?
            .filter(|location| self.sees_location(who, location))
            .ok_or_else(|| {
                CatalogError::NotFound(format!("a registered location for {entity_ref}"))
            })
    }

    /// The registered location that an entity descends from, whether or not `who` may see it.
    pub(crate) async fn registered_for(
        &self,
        who: &Principal,
        entity_ref: &EntityRef,
    ) -> Result<Option<LocationRow>> {
        let body = self.entity(who, entity_ref).await?;
        let entity: portico_model::Entity =
            serde_json::from_slice(&body).map_err(|error| CatalogError::Inconsistent {
                what: entity_ref.to_string(),
                detail: error.to_string(),
            })?;
        let origin = entity
            .annotation(portico_model::annotations::MANAGED_BY_ORIGIN_LOCATION)
            .and_then(|text| LocationRef::parse(text).ok());
        let Some(origin) = origin else {
            return Ok(None);
        };
        let key = SourceKey {
            kind: origin.kind().to_owned(),
            target: origin.target().to_owned(),
        };
        Ok(self.store().location_by_key(&key).await?)
    }

    /// Unregisters a location and removes everything that only it brought in.
    /// Returns the removed refs.
    pub async fn unregister_location(&self, who: &Principal, id: Uuid) -> Result<Vec<String>> {
        let location = self.location(who, id).await?;
        let grounds = self.require_unregister(who, &location).await?;
        let target = location.key.to_string();
        let resource = Resource::Location {
            target: &target,
            created_by: location.created_by.as_deref(),
            goes: &[],
        };
        let event = Self::audit(who, Action::LocationDelete, &resource, grounds, json!({}));
        self.store().remove_location(id, &event).await?;
        // A removed registration is no mishap: its entities go whatever the orphan strategy.
        let removed = self.store().remove_unreachable(true, now()).await?;
        self.follow().await?;
        self.wake_ingestion();
        Ok(removed)
    }

    /// The rules for what may be registered, and by whom.
    fn check_registration(&self, who: &Principal, key: &SourceKey) -> Result<Grounds> {
        let target = key.to_string();
        let resource = Resource::Location {
            target: &target,
            created_by: None,
            goes: &[],
        };
        let grounds = self.require(who, Action::LocationCreate, &resource)?;
        if self.config().catalog.readonly {
            return Err(CatalogError::Input(
                "the catalog is read-only (catalog.readonly): add the location to the configuration"
                    .to_owned(),
            ));
        }
        LocationRef::parse(&target).map_err(|error| CatalogError::Input(error.to_string()))?;
        match key.kind.as_str() {
            "url" | "git" => Ok(grounds),
            "file" if self.config().is_development() && self.authorizer().is_admin(who) => {
                Ok(grounds)
            }
            "file" => Err(CatalogError::Input(
                "only administrators of a development portal may register local paths; \
                 register a URL, or add the path to catalog.locations"
                    .to_owned(),
            )),
            other => Err(CatalogError::Input(format!(
                "locations of type \"{other}\" cannot be registered; use \"url\" or \"git\""
            ))),
        }
    }

    fn add_to_preview(
        &self,
        who: &Principal,
        preview: &mut LocationPreview,
        queue: &mut Vec<SourceKey>,
        key: &SourceKey,
        processed: Processed,
    ) {
        let source = key.to_string();
        for document in processed.documents {
            queue.extend(document.children.into_iter().map(|(child, _)| child));
            if document.doc_index < 0 {
                continue; // the Location entity that stands for the registration itself
            }
            let exists = self.sees(who, &document.entity_ref);
            preview.entities.push(PreviewedEntity {
                entity_ref: document.entity_ref,
                document: document.document,
                source: source.clone(),
                line: document.line,
                exists,
            });
        }
        preview.problems.extend(
            processed
                .problems
                .into_iter()
                .map(|problem| (source.clone(), problem)),
        );
    }
}
