//! `GET /api/catalog/entities`

use axum::{
    body::Body,
    extract::{OriginalUri, State},
    http::{HeaderValue, Uri, header},
    response::Response,
};
use bytes::Bytes;
use futures::{Stream, stream};
use portico_access::Principal;
use portico_catalog::{Catalog, EntityPage, EntityQuery};
use serde::Deserialize;
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::{
    AppState,
    catalog::{fields::Fields, schemas::EntityBody, selection},
    error::ApiError,
    extract::{Caller, Query},
    json,
    problem::ProblemBody,
};

/// Entities that are in memory at once while everything is sent.
const STREAM_PAGE: usize = 500;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
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
    /// `asc:<field>` or `desc:<field>`. Only the first one counts, and entities without that
    /// field are left out.
    #[serde(default)]
    #[param(example = json!(["asc:metadata.name"]))]
    order: Vec<String>,
    /// Entities on a page, at least 1 and at most 10,000. Without `limit`, `offset` and
    /// `after`, all entities are sent.
    #[param(example = 20, minimum = 1, maximum = 10000)]
    limit: Option<usize>,
    /// How many entities to skip.
    #[param(example = 0, minimum = 0)]
    offset: Option<usize>,
    /// Where to go on; taken from the `Link` header of an earlier answer.
    after: Option<String>,
}

/// All entities, or a page of them
///
/// Without paging parameters the whole list is sent as it is read, in chunks. With them, the
/// `Link` header points at the next page while there is one. Prefer `by-query` for paging: it
/// also counts, and pages backwards.
#[utoipa::path(
    get,
    path = "/api/catalog/entities",
    tag = "entities",
    params(Parameters),
    responses(
        (status = 200, description = "The entities", body = Vec<EntityBody>, headers(
            ("link" = String, description = "`<…>; rel=\"next\"` while there is a next page"),
        )),
        (status = 400, description = "A parameter is malformed", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list_entities(
    State(state): State<AppState>,
    Caller(who): Caller,
    OriginalUri(uri): OriginalUri,
    Query(parameters): Query<Parameters>,
) -> Result<Response, ApiError> {
    let Parameters {
        filter,
        fields,
        order,
        limit,
        offset,
        after,
    } = parameters;
    if limit == Some(0) {
        return Err(ApiError::input("\"limit\" must be greater than zero"));
    }
    let fields = Fields::parse(&fields)?;
    let paged = limit.is_some() || offset.is_some() || after.is_some();
    let query = EntityQuery {
        predicate: selection::predicate(&filter, None)?,
        full_text: None,
        order: selection::orders(&order)?,
        offset: offset.unwrap_or(0),
        limit: if paged {
            selection::limit(limit, EntityQuery::DEFAULT_LIMIT)?
        } else {
            STREAM_PAGE
        },
    };
    let page = match after {
        Some(cursor) => {
            state
                .catalog()
                .entities_at(&who, &cursor, query.limit)
                .await?
        }
        None => state.catalog().entities(&who, &query).await?,
    };
    if !paged && page.next_cursor.is_some() {
        let stream = all_pages(state.catalog().clone(), who, page, fields);
        return Ok(json::from_text(Body::from_stream(stream)));
    }
    let items = fields.of_each(page.items.into_iter().map(Some))?;
    let mut response = json::from_text(json::list("", &items, ""));
    if let Some(link) = page.next_cursor.and_then(|cursor| next_link(&uri, &cursor)) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// One JSON array of this page and all that follow, read as the client takes them.
fn all_pages(
    catalog: Catalog,
    who: Principal,
    first: EntityPage<Bytes>,
    fields: Fields,
) -> impl Stream<Item = Result<Vec<u8>, ApiError>> + Send + 'static {
    stream::try_unfold((Some(first), "["), move |(page, opening)| {
        let (catalog, who, fields) = (catalog.clone(), who.clone(), fields.clone());
        async move {
            let Some(page) = page else { return Ok(None) };
            let mut chunk = Vec::new();
            let mut separator = opening;
            for body in page.items {
                chunk.extend_from_slice(separator.as_bytes());
                chunk.extend_from_slice(&fields.of(body)?);
                separator = ",";
            }
            let next = if let Some(cursor) = page.next_cursor {
                Some(catalog.entities_at(&who, &cursor, STREAM_PAGE).await?)
            } else {
                chunk.push(b']');
                None
            };
            Ok(Some((chunk, (next, separator))))
        }
    })
}

/// The same request, from `cursor` on.
fn next_link(uri: &Uri, cursor: &str) -> Option<HeaderValue> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (key, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if key != "offset" && key != "after" {
            query.append_pair(&key, &value);
        }
    }
    query.append_pair("after", cursor);
    HeaderValue::from_str(&format!(
        "<{}?{}>; rel=\"next\"",
        uri.path(),
        query.finish()
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_everything_but_the_place() {
        let uri: Uri = "/api/catalog/entities?filter=kind%3Dapi&limit=2&offset=4"
            .parse()
            .unwrap();
        assert_eq!(
            next_link(&uri, "abc").unwrap(),
            "</api/catalog/entities?filter=kind%3Dapi&limit=2&after=abc>; rel=\"next\""
        );
    }
}
