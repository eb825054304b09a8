//! The entity page: what it is, how it fits, what is wrong, where it comes from.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{EntitySummary, Json, UiError, repositories::EntityRepositoryView, tasks::TasksView};

mod definition;
mod problem;
mod relations;
mod source;
mod unregister;

pub use definition::{DefinitionView, entity_definition};
pub use problem::ProblemView;
pub use relations::{RELATION_PAGE, RelationGroupView, relation_page};
pub use source::{AncestorView, SourceView, entity_source, refresh_entity};
pub use unregister::{UnregisterView, unregister, unregister_preview};

/// A link to something about the entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityLinkOut {
    /// Where it leads.
    pub url: String,
    /// What to call it.
    pub title: String,
    /// `metadata.links[].icon`: `dashboard`, `docs`, …
    pub icon: Option<String>,
    /// `metadata.links[].type`.
    pub kind: Option<String>,
}

/// Everything the entity page shows first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing about the entity"
)]
pub struct EntityView {
    /// Header fields.
    pub summary: EntitySummary,
    /// `metadata.namespace`.
    pub namespace: String,
    /// The whole description.
    pub description: Option<String>,
    /// `metadata.tags`.
    pub tags: Vec<String>,
    /// `metadata.labels`.
    pub labels: Vec<(String, String)>,
    /// `metadata.annotations`.
    pub annotations: Vec<(String, String)>,
    /// `metadata.links`.
    pub links: Vec<EntityLinkOut>,
    /// Relations by type, with the first entities of each.
    pub relations: Vec<RelationGroupView>,
    /// For groups and users: `profile.email`.
    pub email: Option<String>,
    /// Whether it is an API with a definition.
    pub has_definition: bool,
    /// Where the source can be seen and edited.
    pub view_url: Option<String>,
    /// Where the source can be edited.
    pub edit_url: Option<String>,
    /// `type:target` of the file it was read from.
    pub managed_by: Option<String>,
    /// `type:target` of the root location.
    pub origin: Option<String>,
    /// Problems of its source.
    pub problems: Vec<ProblemView>,
    /// What templates did with it, newest first.
    pub history: TasksView,
    /// The local repository it lives in.
    pub repository: Option<EntityRepositoryView>,
    /// No source delivers it any more.
    pub orphan: bool,
    /// Whether the person may unregister it.
    pub may_unregister: bool,
    /// Whether the person may ask for a refresh.
    pub may_refresh: bool,
}

/// The entity page's data.
#[server(prefix = "/_ui", endpoint = "entity", input = Json, output = Json)]
pub async fn load_entity(entity_ref: String) -> Result<EntityView, UiError> {
    server::view(&super::server_context()?, &entity_ref).await
}

/// The full reference that a page names.
#[cfg(feature = "ssr")]
fn parse(text: &str) -> Result<portico_model::EntityRef, UiError> {
    use portico_model::EntityRef;
    EntityRef::parse(text, None, EntityRef::DEFAULT_NAMESPACE)
        .map_err(|error| UiError::invalid(error.to_string()))
}

#[cfg(feature = "ssr")]
mod server {
    use portico_access::{Action, Resource};
    use portico_model::{Entity, annotations};
    use serde_json::Value;

    use super::{
        EntityLinkOut, EntityView, ProblemView, RELATION_PAGE, parse, relations::server::group,
    };
    use crate::{
        ServerContext,
        data::{EntitySummary, UiError, repositories, stars},
    };

    pub(super) async fn view(context: &ServerContext, text: &str) -> Result<EntityView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let entity_ref = parse(text)?;
        let detail = catalog.entity_detail(who, &entity_ref).await?;
        let entity: Entity = serde_json::from_slice(&detail.body)
            .map_err(|error| UiError::internal(error.to_string()))?;
        let starred = stars::starred_refs(context)
            .await?
            .contains(&entity_ref.to_string());
        let relations = catalog
            .relation_groups(who, &entity_ref, RELATION_PAGE)?
            .into_iter()
            .map(group)
            .collect();
        let resource = Resource::Entity {
            entity_ref: &detail.label.entity_ref,
            owners: &detail.owners,
        };
        let managed_by = entity
            .annotation(annotations::MANAGED_BY_LOCATION)
            .map(str::to_owned);
        let problems = detail
            .problems
            .iter()
            .map(|problem| ProblemView::of(managed_by.as_deref().unwrap_or_default(), problem))
            .collect();
        Ok(EntityView {
            summary: EntitySummary::of(catalog, who, &detail.label, starred),
            namespace: entity.namespace().to_owned(),
            description: entity.description().map(str::to_owned),
            tags: texts(&entity, "tags"),
            labels: pairs(&entity, "labels"),
            annotations: pairs(&entity, "annotations"),
            links: links(&entity),
            relations,
            email: profile(&entity, "email"),
            has_definition: entity.kind() == "API" && entity.spec_text("definition").is_some(),
            view_url: entity.annotation(annotations::VIEW_URL).map(str::to_owned),
            edit_url: entity.annotation(annotations::EDIT_URL).map(str::to_owned),
            origin: entity
                .annotation(annotations::MANAGED_BY_ORIGIN_LOCATION)
                .map(str::to_owned),
            managed_by,
            problems,
            history: crate::data::tasks::of_entity(context, &entity_ref.to_string()).await,
            repository: repositories::of_entity(context, &entity).await,
            orphan: detail.orphan,
            may_unregister: catalog.may_remove(who, &entity_ref).await?,
            may_refresh: catalog
                .authorizer()
                .allows(who, Action::EntityRefresh, &resource),
        })
    }

    fn texts(entity: &Entity, field: &str) -> Vec<String> {
        let list = entity
            .metadata()
            .and_then(|metadata| metadata.get(field)?.as_array());
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    fn pairs(entity: &Entity, field: &str) -> Vec<(String, String)> {
        let map = entity
            .metadata()
            .and_then(|metadata| metadata.get(field)?.as_object());
        map.into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect()
    }

    fn links(entity: &Entity) -> Vec<EntityLinkOut> {
        let list = entity
            .metadata()
            .and_then(|metadata| metadata.get("links")?.as_array());
        list.into_iter()
            .flatten()
            .filter_map(|link| {
                let text = |key: &str| link.get(key).and_then(Value::as_str).map(str::to_owned);
                let url = text("url")?;
                // Anything but the web and mail could run code in the reader's browser.
                let safe = ["https://", "http://", "mailto:"]
                    .iter()
                    .any(|scheme| url.to_ascii_lowercase().starts_with(scheme));
                safe.then(|| EntityLinkOut {
                    title: text("title").unwrap_or_else(|| url.clone()),
                    icon: text("icon"),
                    kind: text("type"),
                    url,
                })
            })
            .collect()
    }

    fn profile(entity: &Entity, field: &str) -> Option<String> {
        entity
            .spec()?
            .get("profile")?
            .get(field)?
            .as_str()
            .map(str::to_owned)
    }
}
