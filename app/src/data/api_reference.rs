//! The REST API's description, arranged for reading.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, UiError};

/// The operations of one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiSection {
    /// What it is called in the description.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its operations.
    pub operations: Vec<ApiOperation>,
}

/// One method of one path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiOperation {
    /// Unique within the description; the anchor on the page.
    pub id: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// One line.
    pub summary: String,
    /// The rest.
    pub description: String,
    /// Parameters of path and query.
    pub parameters: Vec<ApiParameter>,
    /// The request body's schema or example, as JSON.
    pub body: Option<String>,
    /// Status, meaning, and schema or example as JSON.
    pub answers: Vec<(String, String, Option<String>)>,
}

/// One parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiParameter {
    /// Its name.
    pub name: String,
    /// `path`, `query` or `header`.
    pub place: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// An example, when there is one.
    pub example: Option<String>,
}

/// Every operation of the REST API by subject.
#[server(prefix = "/_ui", endpoint = "api-reference", input = Json, output = Json)]
pub async fn load_api_reference() -> Result<Vec<ApiSection>, UiError> {
    Ok(server::sections(&super::server_context()?.openapi))
}

#[cfg(feature = "ssr")]
mod server {
    use serde_json::Value;

    use super::{ApiOperation, ApiParameter, ApiSection};

    const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

    pub(super) fn sections(openapi: &Value) -> Vec<ApiSection> {
        let mut sections: Vec<ApiSection> = items(openapi, "tags")
            .map(|tag| ApiSection {
                name: text(tag, "name"),
                description: text(tag, "description"),
                operations: Vec::new(),
            })
            .collect();
        let paths = openapi.get("paths").and_then(Value::as_object);
        for (path, methods) in paths.into_iter().flatten() {
            for method in METHODS {
                let Some(described) = methods.get(method) else {
                    continue;
                };
                let tag = items(described, "tags")
                    .next()
                    .and_then(Value::as_str)
                    .unwrap_or("other");
                let operation = operation(openapi, method, path, described);
                match sections.iter_mut().find(|section| section.name == tag) {
                    Some(section) => section.operations.push(operation),
                    None => sections.push(ApiSection {
                        name: tag.to_owned(),
                        operations: vec![operation],
                        ..ApiSection::default()
                    }),
                }
            }
        }
        sections.retain(|section| !section.operations.is_empty());
        sections
    }

    fn operation(openapi: &Value, method: &str, path: &str, described: &Value) -> ApiOperation {
        let answers = described.get("responses").and_then(Value::as_object);
        ApiOperation {
            id: text(described, "operationId"),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(described, "summary"),
            description: text(described, "description"),
            parameters: items(described, "parameters").map(parameter).collect(),
            body: described
                .get("requestBody")
                .and_then(|body| content(openapi, body)),
            answers: answers
                .into_iter()
                .flatten()
                .map(|(status, answer)| {
                    (
                        status.clone(),
                        text(answer, "description"),
                        content(openapi, answer),
                    )
                })
                .collect(),
        }
    }

    fn parameter(parameter: &Value) -> ApiParameter {
        let example = parameter.get("example").map(|example| match example {
            Value::String(text) => text.clone(),
            Value::Array(list) if list.len() == 1 => list
                .first()
                .and_then(Value::as_str)
                .map_or_else(|| example.to_string(), str::to_owned),
            example => example.to_string(),
        });
        ApiParameter {
            name: text(parameter, "name"),
            place: text(parameter, "in"),
            required: parameter
                .get("required")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            description: text(parameter, "description"),
            example,
        }
    }

    /// The example of a body, or its schema with references resolved one level.
    fn content(openapi: &Value, body: &Value) -> Option<String> {
        let media = body.get("content")?.as_object()?.values().next()?;
        let shown = match media.get("example") {
            Some(example) => example,
            None => resolved(openapi, media.get("schema")?),
        };
        serde_json::to_string_pretty(shown).ok()
    }

    fn resolved<'a>(openapi: &'a Value, schema: &'a Value) -> &'a Value {
        let pointer = schema.get("$ref").and_then(Value::as_str);
        pointer
            .and_then(|pointer| openapi.pointer(pointer.trim_start_matches('#')))
            .unwrap_or(schema)
    }

    fn items<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
        value
            .get(field)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }

    fn text(value: &Value, field: &str) -> String {
        value
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    #[cfg(test)]
    mod tests {
        use serde_json::json;

        use super::sections;

        #[test]
        fn operations_stand_under_their_subject() {
            let described = json!({
                "tags": [{"name": "entities", "description": "Read."}, {"name": "unused"}],
                "paths": {"/e": {
                    "get": {
                        "tags": ["entities"], "operationId": "list", "summary": "All",
                        "parameters": [{"name": "limit", "in": "query", "example": 20}],
                        "responses": {"200": {"description": "Them", "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/E"}}
                        }}},
                    },
                }},
                "components": {"schemas": {"E": {"type": "object"}}},
            });
            let sections = sections(&described);
            assert_eq!(sections.len(), 1);
            let operation = &sections[0].operations[0];
            assert_eq!(
                (operation.method.as_str(), operation.path.as_str()),
                ("GET", "/e")
            );
            assert_eq!(operation.parameters[0].example.as_deref(), Some("20"));
            assert!(
                operation.answers[0]
                    .2
                    .as_deref()
                    .unwrap()
                    .contains("object")
            );
        }
    }
}
