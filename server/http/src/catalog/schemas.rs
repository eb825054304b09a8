//! The shapes of answers that are spliced from JSON texts, for the API description.
#![expect(
    dead_code,
    reason = "these answers are put together as text, never from these types"
)]

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// An entity of the catalog.
#[derive(ToSchema)]
#[schema(as = Entity)]
#[schema(rename_all = "camelCase")]
pub(crate) struct EntityBody {
    /// The format of the entity's kind.
    #[schema(example = "backstage.io/v1alpha1")]
    api_version: String,
    /// What it is.
    #[schema(example = "Component")]
    kind: String,
    metadata: MetadataBody,
    /// What its kind says about it.
    #[schema(value_type = Option<Object>, example = json!({"type": "service", "lifecycle": "production", "owner": "team-orders"}))]
    spec: Option<Map<String, Value>>,
    /// Relations to other entities, in both directions.
    relations: Vec<RelationBody>,
    /// What is wrong with the entity's source, when something is.
    status: Option<StatusBody>,
}

/// Data that every entity has. Sources may add fields of their own.
#[derive(ToSchema)]
#[schema(as = EntityMetadata)]
struct MetadataBody {
    /// Stable id.
    uid: Uuid,
    /// Changes with everything served of the entity.
    etag: String,
    #[schema(example = "orders-api")]
    name: String,
    #[schema(example = "default")]
    namespace: String,
    /// What to call the entity instead of its name.
    #[schema(example = "Orders API")]
    title: Option<String>,
    description: Option<String>,
    #[schema(example = json!({"tier": "gold"}))]
    labels: Option<BTreeMap<String, String>>,
    #[schema(example = json!({"backstage.io/techdocs-ref": "dir:."}))]
    annotations: Option<BTreeMap<String, String>>,
    #[schema(example = json!(["dotnet"]))]
    tags: Option<Vec<String>>,
    links: Option<Vec<LinkBody>>,
}

/// A link to something outside the catalog.
#[derive(ToSchema)]
#[schema(as = EntityLink)]
struct LinkBody {
    #[schema(example = "https://contoso.example/runbooks/orders")]
    url: String,
    title: Option<String>,
    icon: Option<String>,
    #[schema(rename = "type")]
    kind: Option<String>,
}

/// One relation to another entity.
#[derive(ToSchema)]
#[schema(as = EntityRelation)]
#[schema(rename_all = "camelCase")]
struct RelationBody {
    #[schema(rename = "type", example = "ownedBy")]
    kind: String,
    /// The other entity; it may not exist.
    #[schema(example = "group:default/team-orders")]
    target_ref: String,
}

/// What is wrong with an entity's source.
#[derive(ToSchema)]
#[schema(as = EntityStatus)]
struct StatusBody {
    items: Vec<StatusItemBody>,
}

#[derive(ToSchema)]
#[schema(as = EntityStatusItem)]
struct StatusItemBody {
    #[schema(rename = "type", example = "backstage.io/catalog-processing")]
    kind: String,
    #[schema(example = "error")]
    level: String,
    message: String,
}

/// One page of entities.
#[derive(ToSchema)]
#[schema(as = EntityPage)]
#[schema(rename_all = "camelCase")]
pub(crate) struct EntityPageBody {
    items: Vec<EntityBody>,
    /// How many entities match in all.
    #[schema(example = 1)]
    total_items: u64,
    page_info: PageInfoBody,
}

/// How to go on and back.
#[derive(ToSchema)]
#[schema(as = PageInfo)]
#[schema(rename_all = "camelCase")]
pub(crate) struct PageInfoBody {
    /// Asks for the next page; absent on the last one.
    next_cursor: Option<String>,
    /// Asks for the page before; absent on the first one.
    prev_cursor: Option<String>,
}

/// Entities in the order asked for; `null` where there is none.
#[derive(ToSchema)]
#[schema(as = EntitiesByRefs)]
pub(crate) struct EntitiesOrNullBody {
    items: Vec<Option<EntityBody>>,
}

/// An entity and what it descends from.
#[derive(ToSchema)]
#[schema(as = EntityAncestry)]
#[schema(rename_all = "camelCase")]
pub(crate) struct AncestryBody {
    #[schema(example = "component:default/orders-api")]
    root_entity_ref: String,
    items: Vec<AncestryItemBody>,
}

#[derive(ToSchema)]
#[schema(as = EntityAncestryItem)]
#[schema(rename_all = "camelCase")]
struct AncestryItemBody {
    entity: EntityBody,
    /// The entities that brought this one in.
    parent_entity_refs: Vec<String>,
}

/// Counts of the values of each field asked for.
#[derive(ToSchema)]
#[schema(as = EntityFacets)]
pub(crate) struct FacetsBody {
    #[schema(example = json!({"spec.type": [{"value": "service", "count": 12}]}))]
    facets: BTreeMap<String, Vec<FacetBody>>,
}

#[derive(ToSchema)]
#[schema(as = EntityFacet)]
struct FacetBody {
    value: String,
    count: u64,
}

/// What a repository has for the catalog, or could have.
#[derive(ToSchema)]
#[schema(as = LocationAnalysis)]
#[schema(rename_all = "camelCase")]
pub(crate) struct AnalysisBody {
    /// Entities in catalog files that are there.
    existing_entity_files: Vec<ExistingEntityBody>,
    /// A proposal, when there are none.
    generate_entities: Vec<GeneratedEntityBody>,
}

#[derive(ToSchema)]
#[schema(as = ExistingEntity)]
#[schema(rename_all = "camelCase")]
struct ExistingEntityBody {
    /// Whether the file is registered already.
    is_registered: bool,
    location: super::locations::LocationInput,
    entity: EntityBody,
}

#[derive(ToSchema)]
#[schema(as = GeneratedEntity)]
struct GeneratedEntityBody {
    #[schema(value_type = Object)]
    entity: Value,
    /// The fields a person should look at.
    fields: Vec<GeneratedFieldBody>,
}

#[derive(ToSchema)]
#[schema(as = GeneratedField)]
struct GeneratedFieldBody {
    #[schema(example = "spec.owner")]
    field: String,
    /// `analysisSuggestedValue` or `needsUserInput`.
    #[schema(example = "needsUserInput")]
    state: String,
    value: Option<String>,
    description: String,
}
