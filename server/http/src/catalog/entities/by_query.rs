//! `GET` and `POST /api/catalog/entities/by-query`

use axum::{extract::State, response::Response};
use portico_access::Principal;
use portico_catalog::{EntityQuery, FullText};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    AppState,
    catalog::{
        fields::Fields,
        schemas::EntityPageBody,
        selection::{self, OrderField},
    },
    error::ApiError,
    extract::{Caller, JsonBody, Query},
    json,
    problem::ProblemBody,
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    /// `key=value` pairs, or a bare `key` that must exist, separated by commas, which must all
    /// hold. The same key twice in one filter means either value; a repeated parameter means
    /// either filter. Keys and values are compared without regard to case.
    #[serde(default)]
    #[param(example = json!(["kind=component,spec.type=service"]))]
    filter: Vec<String>,
    /// Only these parts of each entity: dotted paths, separated by commas.
    #[serde(default)]
    #[param(example = json!(["kind,metadata.name"]))]
    fields: Vec<String>,
    /// `<field>,asc` or `<field>,desc`. Only the first one counts, and entities without that
    /// field are left out. Without an order, entities come by reference.
    #[serde(default)]
    #[param(example = json!(["metadata.name,asc"]))]
    order_field: Vec<String>,
    /// Entities on a page; default 200, at most 10,000. 0 asks for the count only.
    #[param(example = 20, minimum = 0, maximum = 10000)]
    limit: Option<usize>,
    /// How many entities to skip.
    #[param(example = 0, minimum = 0)]
    offset: Option<usize>,
    /// `pageInfo.nextCursor` or `prevCursor` of an earlier answer. It holds the whole query:
    /// only `limit` and `fields` count beside it.
    cursor: Option<String>,
    /// A text that one of `fullTextFilterFields` must contain.
    #[param(example = "order")]
    full_text_filter_term: Option<String>,
    /// Fields that the text is looked for in, separated by commas; default the field ordered by.
    #[serde(default)]
    #[param(example = json!(["metadata.name,metadata.title"]))]
    full_text_filter_fields: Vec<String>,
    /// `include` (default) or `exclude`: whether `totalItems` is counted.
    #[param(inline, example = "include")]
    total_items: Option<TotalItems>,
}

/// Which entities, in which order, from where.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EntitiesByQueryRequest)]
pub(super) struct Body {
    /// `pageInfo.nextCursor` or `prevCursor` of an earlier answer; it holds the whole query.
    cursor: Option<String>,
    /// Entities on a page; default 200, at most 10,000.
    #[schema(example = 20)]
    limit: Option<usize>,
    /// How many entities to skip.
    #[schema(example = 0)]
    offset: Option<usize>,
    /// Only the first one counts, and entities without that field are left out.
    #[serde(default)]
    order_by: Vec<OrderField>,
    /// A text that some fields must contain.
    full_text_filter: Option<FullTextFilter>,
    /// Only these parts of each entity, as dotted paths.
    #[serde(default)]
    #[schema(example = json!(["kind", "metadata.name"]))]
    fields: Vec<String>,
    /// Whether `totalItems` is counted.
    total_items: Option<TotalItems>,
    /// A predicate: `{"field": value}`, `$all`, `$any`, `$not`, `$exists`, `$in`, `$hasPrefix`, `$contains`.
    #[schema(value_type = Option<Object>, example = json!({"kind": "component", "spec.type": {"$in": ["service", "website"]}}))]
    query: Option<Value>,
}

/// A text that some fields must contain.
#[derive(Deserialize, ToSchema)]
struct FullTextFilter {
    /// The text, in any case.
    #[serde(default)]
    #[schema(example = "order")]
    term: String,
    /// Dotted paths; default the field ordered by.
    #[serde(default)]
    #[schema(example = json!(["metadata.name", "metadata.title"]))]
    fields: Vec<String>,
}

/// Whether the matches are counted.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum TotalItems {
    /// `totalItems` is the number of all matches.
    Include,
    /// `totalItems` is 0.
    Exclude,
}

/// What both methods come down to.
struct PageRequest {
    cursor: Option<String>,
    query: EntityQuery,
    fields: Fields,
    counted: bool,
}

/// A page of entities
///
/// Filtered, ordered, and paged by cursors that go both ways.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/by-query",
    tag = "entities",
    params(Parameters),
    responses(
        (status = 200, description = "The page", body = EntityPageBody),
        (status = 400, description = "A parameter is malformed", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get_entities_by_query(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Response, ApiError> {
    let fields = split(&parameters.full_text_filter_fields);
    let full_text = parameters
        .full_text_filter_term
        .map(|term| FullText { term, fields });
    let request = PageRequest {
        cursor: parameters.cursor,
        query: EntityQuery {
            predicate: selection::predicate(&parameters.filter, None)?,
            full_text,
            order: selection::order_fields(&parameters.order_field)?,
            offset: parameters.offset.unwrap_or(0),
            limit: selection::limit(parameters.limit, EntityQuery::DEFAULT_LIMIT)?,
        },
        fields: Fields::parse(&parameters.fields)?,
        counted: parameters.total_items != Some(TotalItems::Exclude),
    };
    answer(&state, &who, request).await
}

/// A page of entities, by predicate
///
/// As the `GET` request of the same path, with everything in the body and a richer filter.
#[utoipa::path(
    post,
    path = "/api/catalog/entities/by-query",
    tag = "entities",
    request_body = Body,
    responses(
        (status = 200, description = "The page", body = EntityPageBody),
        (status = 400, description = "The request is malformed", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn post_entities_by_query(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, ApiError> {
    let full_text = body.full_text_filter.map(|it| FullText {
        term: it.term,
        fields: it.fields,
    });
    let request = PageRequest {
        cursor: body.cursor,
        query: EntityQuery {
            predicate: selection::predicate(&[], body.query.as_ref())?,
            full_text,
            order: OrderField::parse_all(body.order_by)?,
            offset: body.offset.unwrap_or(0),
            limit: selection::limit(body.limit, EntityQuery::DEFAULT_LIMIT)?,
        },
        fields: Fields::parse(&body.fields)?,
        counted: body.total_items != Some(TotalItems::Exclude),
    };
    answer(&state, &who, request).await
}

async fn answer(
    state: &AppState,
    who: &Principal,
    request: PageRequest,
) -> Result<Response, ApiError> {
    let PageRequest {
        cursor,
        query,
        fields,
        counted,
    } = request;
    let page = match cursor {
        Some(cursor) => {
            state
                .catalog()
                .entities_at(who, &cursor, query.limit)
                .await?
        }
        None => state.catalog().entities(who, &query).await?,
    };
    let total = if counted { page.total } else { 0 };
    let cursors = [
        ("nextCursor", page.next_cursor),
        ("prevCursor", page.prev_cursor),
    ];
    // Cursors are base64: nothing in them needs escaping.
    let cursors: Vec<String> = cursors
        .into_iter()
        .filter_map(|(name, cursor)| Some(format!("\"{name}\":\"{}\"", cursor?)))
        .collect();
    let suffix = format!(
        ",\"totalItems\":{total},\"pageInfo\":{{{}}}}}",
        cursors.join(",")
    );
    let items = fields.of_each(page.items.into_iter().map(Some))?;
    Ok(json::from_text(json::list("{\"items\":", &items, &suffix)))
}

fn split(lists: &[String]) -> Vec<String> {
    lists
        .iter()
        .flat_map(|list| list.split(','))
        .map(|field| field.trim().to_owned())
        .filter(|field| !field.is_empty())
        .collect()
}
