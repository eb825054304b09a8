//! `GET /api/search/query`

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portico_catalog::{Marks, SearchResult};
use portico_model::{EntityRef, Predicate, parse_query};
use serde::Serialize;
use serde_json::{Value, json};
use url::form_urlencoded;
use utoipa::ToSchema;

use crate::{AppState, error::ApiError, extract::Caller, json::from_value, problem::ProblemBody};

/// The type of all documents that are searched.
const CATALOG: &str = "software-catalog";
const DEFAULT_LIMIT: usize = 25;
const MAX_LIMIT: usize = 100;
/// The key of owners.
const OWNED_BY: &str = "relations.ownedBy";
/// Marks that no text is likely to have, so that a client can tell them from the text.
const MARKS: Marks<'static> = Marks {
    pre: "<portico-match>",
    post: "</portico-match>",
};

/// One page of search results.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchResults)]
pub(super) struct Answer {
    results: Vec<Hit>,
    /// Asks for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_cursor: Option<String>,
    /// Asks for the page before; absent on the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_page_cursor: Option<String>,
    /// How many documents match in all.
    #[schema(example = 1)]
    number_of_results: usize,
}

/// One search result.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchResult)]
struct Hit {
    /// Always `software-catalog`.
    #[serde(rename = "type")]
    #[schema(example = "software-catalog")]
    kind: &'static str,
    document: Document,
    /// Place in the whole result, from 1.
    #[schema(example = 1)]
    rank: usize,
    highlight: Highlight,
}

/// What is known of an entity for showing it as a search result.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchDocument)]
struct Document {
    /// The entity's title, or its name.
    #[schema(example = "Orders API")]
    title: String,
    /// The start of its description.
    text: String,
    /// Path of the entity's page.
    #[schema(example = "/catalog/default/component/orders-api")]
    location: String,
    #[schema(example = "Component")]
    kind: String,
    #[schema(example = "default")]
    namespace: String,
    #[schema(example = "orders-api")]
    name: String,
    /// `spec.type`, or `other`.
    #[serde(rename = "type")]
    #[schema(example = "service")]
    spec_type: String,
    /// The same as `type`.
    #[schema(example = "service")]
    component_type: String,
    #[schema(example = "production")]
    lifecycle: String,
    /// Full reference of the owner.
    #[schema(example = "group:default/team-orders")]
    owner: String,
    authorization: Authorization,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchDocumentAuthorization)]
struct Authorization {
    /// Full reference of the entity.
    #[schema(example = "component:default/orders-api")]
    resource_ref: String,
}

/// The fields in which words matched, with the words between tags.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchHighlight)]
struct Highlight {
    pre_tag: &'static str,
    post_tag: &'static str,
    fields: HighlightFields,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SearchHighlightFields)]
struct HighlightFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// Search the catalog
///
/// Entities in which every word of the term begins some word, best first.
#[utoipa::path(
    get,
    path = "/api/search/query",
    tag = "search",
    params(
        ("term" = Option<String>, Query, description = "The words to look for; all entities when left out", example = "orders"),
        ("types[]" = Option<Vec<String>>, Query, description = "Types of documents; only `software-catalog` has any", example = json!(["software-catalog"])),
        ("filters[kind]" = Option<Vec<String>>, Query, description = "Kinds of entities. In the same way `filters[type]`, `filters[lifecycle]`, `filters[namespace]`, `filters[owner]` and any dotted path of an entity", example = json!(["Component"])),
        ("pageLimit" = Option<usize>, Query, description = "Results on a page; default 25, at most 100", minimum = 0, maximum = 100, example = 25),
        ("pageCursor" = Option<String>, Query, description = "`nextPageCursor` or `previousPageCursor` of an earlier answer"),
    ),
    responses(
        (status = 200, description = "The results", body = Answer),
        (status = 400, description = "A parameter is malformed", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn search(
    State(state): State<AppState>,
    Caller(who): Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default())?;
    if !parameters.types.is_empty() && !parameters.types.iter().any(|it| it == CATALOG) {
        return from_value(&page(Vec::new(), 0, &parameters));
    }
    let found = state.catalog().search(
        &who,
        &parameters.term,
        &parameters.predicate()?,
        parameters.offset,
        parameters.limit,
        MARKS,
    )?;
    let results = found.results.into_iter().map(hit).collect();
    from_value(&page(results, found.total, &parameters))
}

/// The query string: keys with brackets, in the forms that clients of Backstage write.
#[derive(Debug, Default)]
struct Parameters {
    term: String,
    types: Vec<String>,
    /// Field and accepted values.
    filters: Vec<(String, Vec<String>)>,
    offset: usize,
    limit: usize,
}

impl Parameters {
    fn parse(query: &str) -> Result<Self, ApiError> {
        let mut parameters = Self {
            limit: DEFAULT_LIMIT,
            ..Self::default()
        };
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let (name, inner) = key.split_once('[').unwrap_or((&key, ""));
            match name {
                "term" => parameters.term = value.into_owned(),
                "types" => parameters.types.push(value.into_owned()),
                "filters" => {
                    let field = inner.split(']').next().unwrap_or_default();
                    parameters.add_filter(field, value.into_owned());
                }
                "pageLimit" => {
                    let limit = value.parse().ok().filter(|limit| *limit <= MAX_LIMIT);
                    parameters.limit = limit.ok_or_else(|| {
                        ApiError::Input(format!(
                            "\"pageLimit\" must be a number up to {MAX_LIMIT}, not \"{value}\""
                        ))
                    })?;
                }
                "pageCursor" if !value.is_empty() => {
                    parameters.offset = decode_cursor(&value).ok_or_else(|| {
                        ApiError::input("\"pageCursor\" is not one that Portico issued")
                    })?;
                }
                _ => {}
            }
        }
        Ok(parameters)
    }

    fn add_filter(&mut self, field: &str, value: String) {
        let key = match field {
            "type" | "componentType" => "spec.type",
            "lifecycle" => "spec.lifecycle",
            "namespace" => "metadata.namespace",
            "name" => "metadata.name",
            "owner" => OWNED_BY,
            other => other,
        };
        match self.filters.iter_mut().find(|(known, _)| known == key) {
            Some((_, values)) => values.push(value),
            None => self.filters.push((key.to_owned(), vec![value])),
        }
    }

    fn predicate(&self) -> Result<Predicate, ApiError> {
        if self.filters.is_empty() {
            return Ok(Predicate::Always);
        }
        let fields = self.filters.iter().map(|(key, values)| {
            let values: Vec<String> = match key.as_str() {
                OWNED_BY => values.iter().map(|value| owner(value)).collect(),
                _ => values.clone(),
            };
            (key.clone(), json!({ "$in": values }))
        });
        parse_query(&Value::Object(fields.collect())).map_err(ApiError::input)
    }
}

fn owner(text: &str) -> String {
    EntityRef::parse(text, Some("group"), EntityRef::DEFAULT_NAMESPACE)
        .map_or_else(|_| text.to_owned(), |owner| owner.to_string())
}

fn page(results: Vec<Hit>, total: usize, parameters: &Parameters) -> Answer {
    let Parameters { offset, limit, .. } = *parameters;
    let next = offset + limit;
    Answer {
        results,
        next_page_cursor: (limit > 0 && next < total).then(|| encode_cursor(next)),
        previous_page_cursor: (offset > 0).then(|| encode_cursor(offset.saturating_sub(limit))),
        number_of_results: total,
    }
}

fn hit(result: SearchResult) -> Hit {
    let SearchResult {
        label,
        rank,
        title_highlight,
        text_highlight,
    } = result;
    let spec_type = label.spec_type.as_deref().unwrap_or("other").to_owned();
    let (kind, rest) = label.entity_ref.split_once(':').unwrap_or_default();
    let (namespace, name) = rest.split_once('/').unwrap_or_default();
    Hit {
        kind: CATALOG,
        rank,
        highlight: Highlight {
            pre_tag: MARKS.pre,
            post_tag: MARKS.post,
            fields: HighlightFields {
                title: title_highlight,
                text: text_highlight,
            },
        },
        document: Document {
            title: label.display_name().to_owned(),
            text: label.description.as_deref().unwrap_or_default().to_owned(),
            location: format!("/catalog/{namespace}/{kind}/{name}"),
            kind: label.kind.to_string(),
            namespace: label.namespace.to_string(),
            name: label.name.to_string(),
            component_type: spec_type.clone(),
            spec_type,
            lifecycle: label.lifecycle.as_deref().unwrap_or_default().to_owned(),
            owner: label.owner.as_deref().unwrap_or_default().to_owned(),
            authorization: Authorization {
                resource_ref: label.entity_ref.to_string(),
            },
        },
    }
}

fn encode_cursor(offset: usize) -> String {
    URL_SAFE_NO_PAD.encode(offset.to_string())
}

fn decode_cursor(text: &str) -> Option<usize> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?)
        .ok()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_brackets_in_every_form() {
        let query = "term=a+b&types%5B0%5D=software-catalog&types[]=x&filters[kind]=Component\
                     &filters[type][0]=service&filters[type][]=website&pageLimit=5";
        let parameters = Parameters::parse(query).unwrap();
        assert_eq!(parameters.term, "a b");
        assert_eq!(parameters.types, ["software-catalog", "x"]);
        assert_eq!(
            parameters.filters[0],
            ("kind".to_owned(), vec!["Component".to_owned()])
        );
        assert_eq!(parameters.filters[1].0, "spec.type");
        assert_eq!(parameters.filters[1].1, ["service", "website"]);
        assert_eq!(parameters.limit, 5);
        assert!(Parameters::parse("pageLimit=101").is_err());
        assert!(Parameters::parse("pageCursor=%21").is_err());
    }

    #[test]
    fn cursors_go_both_ways_until_the_ends() {
        let at = |offset| Parameters {
            offset,
            limit: 10,
            ..Parameters::default()
        };
        let first = page(Vec::new(), 25, &at(0));
        assert_eq!(
            first.next_page_cursor.as_deref().and_then(decode_cursor),
            Some(10)
        );
        assert_eq!(first.previous_page_cursor, None);
        let last = page(Vec::new(), 25, &at(20));
        assert_eq!(last.next_page_cursor, None);
        assert_eq!(
            last.previous_page_cursor.as_deref().and_then(decode_cursor),
            Some(10)
        );
    }
}
