//! Which entities, in which order: the parameters that several endpoints share.

use portico_catalog::Direction;
use portico_model::{Predicate, parse_filter_params, parse_query};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::ApiError;

/// Entities on one page at most. More than this is asked for page by page.
const MAX_LIMIT: usize = 10_000;

/// One field to order by, in a request body.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct OrderField {
    /// Dotted path of the field.
    #[schema(example = "metadata.name")]
    field: String,
    /// `asc` or `desc`.
    #[schema(example = "asc")]
    order: String,
}

impl OrderField {
    pub(crate) fn parse_all(fields: Vec<Self>) -> Result<Vec<(String, Direction)>, ApiError> {
        fields
            .into_iter()
            .map(|it| Ok((it.field, direction(&it.order)?)))
            .collect()
    }
}

/// What `filter` parameters and a `query` predicate select together.
pub(crate) fn predicate(filters: &[String], query: Option<&Value>) -> Result<Predicate, ApiError> {
    let mut parts = Vec::new();
    match parse_filter_params(filters).map_err(ApiError::input)? {
        Predicate::Always => {}
        by_filter => parts.push(by_filter),
    }
    if let Some(query) = query {
        parts.push(parse_query(query).map_err(ApiError::input)?);
    }
    Ok(Predicate::all(parts))
}

/// `orderField=<field>,asc` of the query endpoint.
pub(crate) fn order_fields(values: &[String]) -> Result<Vec<(String, Direction)>, ApiError> {
    values
        .iter()
        .map(|value| match value.split_once(',') {
            Some((field, order)) => Ok((required(field)?, direction(order)?)),
            None => Ok((required(value)?, Direction::Asc)),
        })
        .collect()
}

/// `order=asc:<field>` of the list endpoint.
pub(crate) fn orders(values: &[String]) -> Result<Vec<(String, Direction)>, ApiError> {
    values
        .iter()
        .map(|value| {
            let (order, field) = value.split_once(':').ok_or_else(|| {
                ApiError::Input(format!(
                    "\"order\" must be asc:<field> or desc:<field>, not \"{value}\""
                ))
            })?;
            Ok((required(field)?, direction(order)?))
        })
        .collect()
}

/// A page size that a client may ask for.
pub(crate) fn limit(asked: Option<usize>, default: usize) -> Result<usize, ApiError> {
    match asked {
        Some(limit) if limit > MAX_LIMIT => Err(ApiError::Input(format!(
            "\"limit\" is {limit}, more than {MAX_LIMIT}: ask for less and follow the next page"
        ))),
        asked => Ok(asked.unwrap_or(default)),
    }
}

fn required(field: &str) -> Result<String, ApiError> {
    match field.trim() {
        "" => Err(ApiError::input("a field to order by is empty")),
        field => Ok(field.to_owned()),
    }
}

fn direction(text: &str) -> Result<Direction, ApiError> {
    match text {
        "asc" => Ok(Direction::Asc),
        "desc" => Ok(Direction::Desc),
        other => Err(ApiError::Input(format!(
            "an order is \"asc\" or \"desc\", not \"{other}\""
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_an_order_mean_the_same() {
        let texts = |texts: &[&str]| texts.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let expected = vec![("metadata.name".to_owned(), Direction::Desc)];
        assert_eq!(
            order_fields(&texts(&["metadata.name,desc"])).unwrap(),
            expected
        );
        assert_eq!(orders(&texts(&["desc:metadata.name"])).unwrap(), expected);
        assert_eq!(
            order_fields(&texts(&["kind"])).unwrap(),
            [("kind".to_owned(), Direction::Asc)]
        );
        for wrong in ["kind,up", ",asc", ""] {
            assert!(order_fields(&texts(&[wrong])).is_err(), "{wrong}");
        }
        for wrong in ["kind", "up:kind", "asc:"] {
            assert!(orders(&texts(&[wrong])).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_page_has_an_upper_bound() {
        assert_eq!(limit(None, 200).unwrap(), 200);
        assert_eq!(limit(Some(0), 200).unwrap(), 0);
        assert!(limit(Some(MAX_LIMIT + 1), 200).is_err());
    }
}
