//! The entity page: what it is, how it fits, what is wrong, where it comes from.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{EntityLabel, EntitySummary, UiError};

/// How many related entities a group shows before "more".
pub const RELATION_PAGE: usize = 20;

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

/// Something wrong with the entity's source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemView {
    /// The file, as `type:target`.
    pub source: String,
    /// The entity concerned, when known.
    pub entity_ref: Option<String>,
    /// `yaml`, `validation`, `conflict`, `read`, `rule`, `placeholder`.
    pub code: String,
    /// True for an error, false for a warning.
    pub error: bool,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The field, as JSON pointer.
    pub pointer: Option<String>,
    /// Line in the file, from 1.
    pub line: Option<i32>,
    /// Column in the file, from 1.
    pub column: Option<i32>,
}

/// Related entities of one relation type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationGroupView {
    /// `ownedBy`, `dependsOn`, …
    pub relation: String,
    /// How many in all.
    pub total: usize,
    /// The first ones, by reference.
    pub items: Vec<EntityLabel>,
}

/// Everything the entity page shows first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// For APIs: the definition's text.
    pub definition: Option<String>,
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
    /// No source delivers it any more.
    pub orphan: bool,
    /// Whether the person may unregister it.
    pub may_delete: bool,
    /// Whether the person may ask for a refresh.
    pub may_refresh: bool,
}

/// The raw text an entity was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    /// The file, as `type:target`.
    pub source: String,
    /// First line of the document in the file.
    pub line: i32,
    /// When it was last read with success, in milliseconds since the epoch.
    pub read_at: Option<i64>,
    /// The document as text.
    pub text: String,
    /// The document as highlighted HTML, one fragment a line.
    pub html: Vec<String>,
    /// The entity and everything it descends from, nearest first: ref and parents.
    pub ancestry: Vec<AncestorView>,
}

/// A step of the ancestry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AncestorView {
    /// The entity.
    pub entity: EntityLabel,
    /// Its parents' refs.
    pub parents: Vec<String>,
    /// `type:target` it stands for, when it is a Location.
    pub target: Option<String>,
}

/// What unregistering would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnregisterView {
    /// The registered location the entity descends from, with its id.
    pub location: Option<(String, String)>,
    /// Refs that would go with it.
    pub affected: Vec<String>,
    /// How many would go in all.
    pub affected_total: u64,
}

/// The entity page's data.
#[server(prefix = "/_ui", endpoint = "entity", input = server_fn::codec::Json)]
pub async fn load_entity(entity_ref: String) -> Result<EntityView, UiError> {
    server::view(&super::server_context()?, &entity_ref).await
}

/// More related entities of one type.
#[server(prefix = "/_ui", endpoint = "relations", input = server_fn::codec::Json)]
pub async fn relation_page(
    entity_ref: String,
    relation: String,
    page: u32,
) -> Result<RelationGroupView, UiError> {
    server::relations(
        &super::server_context()?,
        &entity_ref,
        &relation,
        page as usize,
    )
}

/// The source tab's data.
#[server(prefix = "/_ui", endpoint = "source", input = server_fn::codec::Json)]
pub async fn entity_source(entity_ref: String) -> Result<SourceView, UiError> {
    server::source(&super::server_context()?, &entity_ref).await
}

/// Reads the entity's source again.
#[server(prefix = "/_ui", endpoint = "refresh", input = server_fn::codec::Json)]
pub async fn refresh_entity(entity_ref: String) -> Result<(), UiError> {
    let context = super::server_context()?;
    let entity_ref = server::parse(&entity_ref)?;
    Ok(context
        .catalog
        .refresh_entity(&context.principal, &entity_ref)
        .await?)
}

/// What unregistering the entity would remove.
#[server(prefix = "/_ui", endpoint = "unregister-preview", input = server_fn::codec::Json)]
pub async fn unregister_preview(entity_ref: String) -> Result<UnregisterView, UiError> {
    server::unregister_preview(&super::server_context()?, &entity_ref).await
}

/// Unregisters the entity's location, or removes the entity when it has none.
/// Answers with how many entities are gone.
#[server(prefix = "/_ui", endpoint = "unregister", input = server_fn::codec::Json)]
pub async fn unregister(entity_ref: String) -> Result<u64, UiError> {
    server::unregister(&super::server_context()?, &entity_ref).await
}

#[cfg(feature = "ssr")]
mod server {
    use portico_access::{Action, Decision, Resource};
    use portico_catalog::{CatalogError, EntityQuery};
    use portico_model::{Entity, EntityRef, Predicate, RelationType, annotations};
    use serde_json::Value;

    use super::{
        AncestorView, EntityLinkOut, EntityView, ProblemView, RELATION_PAGE, RelationGroupView,
        SourceView, UnregisterView,
    };
    use crate::{
        ServerContext,
        data::{EntityLabel, EntitySummary, UiError, highlight, stars},
    };

    /// How many affected refs an unregister dialog lists.
    const AFFECTED: usize = 20;

    pub(super) fn parse(text: &str) -> Result<EntityRef, UiError> {
        EntityRef::parse(text, None, EntityRef::DEFAULT_NAMESPACE)
            .map_err(|error| UiError::invalid(error.to_string()))
    }

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
        let may = |action| {
            matches!(
                catalog.authorizer().decide(who, action, &resource),
                Decision::Allow(_)
            )
        };
        let managed_by = entity
            .annotation(annotations::MANAGED_BY_LOCATION)
            .map(str::to_owned);
        let problems = detail
            .problems
            .iter()
            .map(|problem| ProblemView::of(managed_by.as_deref().unwrap_or_default(), problem))
            .collect();
        let definition = match entity.kind() {
            "API" => entity.spec_text("definition").map(str::to_owned),
            _ => None,
        };
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
            definition,
            view_url: entity.annotation(annotations::VIEW_URL).map(str::to_owned),
            edit_url: entity.annotation(annotations::EDIT_URL).map(str::to_owned),
            origin: entity
                .annotation(annotations::MANAGED_BY_ORIGIN_LOCATION)
                .map(str::to_owned),
            managed_by,
            problems,
            orphan: detail.orphan,
            may_delete: may(Action::EntityDelete),
            may_refresh: may(Action::EntityRefresh),
        })
    }

    pub(super) fn relations(
        context: &ServerContext,
        text: &str,
        relation: &str,
        page: usize,
    ) -> Result<RelationGroupView, UiError> {
        let kind = RelationType::from_name(relation)
            .ok_or_else(|| UiError::invalid(format!("{relation} is not a relation type")))?;
        let offset = page.saturating_mul(RELATION_PAGE);
        let found = context.catalog.relation_page(
            &context.principal,
            &parse(text)?,
            kind,
            offset,
            RELATION_PAGE,
        )?;
        Ok(group(found))
    }

    pub(super) async fn source(context: &ServerContext, text: &str) -> Result<SourceView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let entity_ref = parse(text)?;
        let found = catalog.entity_source(who, &entity_ref).await?;
        let text = found.text.unwrap_or_default();
        let mut ancestry = Vec::new();
        for step in catalog.ancestry(who, &entity_ref).await? {
            let Ok(entity) = serde_json::from_slice::<Entity>(&step.entity) else {
                continue;
            };
            let name = entity.entity_ref().to_string();
            let target = (entity.kind() == "Location")
                .then(|| entity.spec_text("target").map(str::to_owned))
                .flatten();
            ancestry.push(AncestorView {
                entity: EntityLabel::of(catalog, who, &name),
                parents: step.parents,
                target,
            });
        }
        Ok(SourceView {
            source: found.origin.key.to_string(),
            line: found.origin.line,
            read_at: found.origin.read_at,
            html: highlight::yaml(&text),
            text,
            ancestry,
        })
    }

    pub(super) async fn unregister_preview(
        context: &ServerContext,
        text: &str,
    ) -> Result<UnregisterView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let entity_ref = parse(text)?;
        let location = match catalog.location_of_entity(who, &entity_ref).await {
            Ok(location) => location,
            Err(CatalogError::NotFound(_)) => {
                return Ok(UnregisterView {
                    location: None,
                    affected: vec![entity_ref.to_string()],
                    affected_total: 1,
                });
            }
            Err(error) => return Err(error.into()),
        };
        let label = location.key.to_string();
        let origin = format!(
            "metadata.annotations.{}",
            annotations::MANAGED_BY_ORIGIN_LOCATION
        );
        let query = EntityQuery {
            predicate: Predicate::In(origin.to_lowercase(), vec![label.to_lowercase()]),
            limit: AFFECTED,
            ..EntityQuery::default()
        };
        let page = catalog.labels(who, &query)?;
        Ok(UnregisterView {
            location: Some((location.id.to_string(), label)),
            affected: page
                .items
                .iter()
                .map(|label| label.entity_ref.to_string())
                .collect(),
            affected_total: page.total,
        })
    }

    pub(super) async fn unregister(context: &ServerContext, text: &str) -> Result<u64, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let entity_ref = parse(text)?;
        match catalog.location_of_entity(who, &entity_ref).await {
            Ok(location) => Ok(catalog.unregister_location(who, location.id).await?.len() as u64),
            Err(CatalogError::NotFound(_)) => {
                catalog.delete_entity(who, &entity_ref).await?;
                Ok(1)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn group(group: portico_catalog::RelationGroup) -> RelationGroupView {
        RelationGroupView {
            relation: group.kind.as_str().to_owned(),
            total: group.total,
            items: group
                .items
                .iter()
                .map(|item| match &item.label {
                    Some(label) => EntityLabel::from(label),
                    None => EntityLabel::missing(&item.entity_ref),
                })
                .collect(),
        }
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

    impl ProblemView {
        /// The view of a problem in the file `source`.
        pub(crate) fn of(source: &str, problem: &portico_catalog::Problem) -> Self {
            Self {
                source: source.to_owned(),
                entity_ref: problem.entity_ref.clone(),
                code: problem.code.clone(),
                error: problem.severity == portico_catalog::Severity::Error,
                message: problem.message.clone(),
                hint: problem.hint.clone(),
                pointer: problem.pointer.clone(),
                line: problem.line,
                column: problem.column,
            }
        }
    }
}
