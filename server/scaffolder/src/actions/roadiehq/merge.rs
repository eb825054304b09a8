//! `roadiehq:utils:merge`

use async_trait::async_trait;
use portico_model::yaml::{Limits, parse_documents};
use serde_json::{Map, Value, json};

use super::super::{example, flag, object, output, text, yaml};
use super::{json_text, merging, not_yaml, parse_json, parse_one_yaml, read_text, yaml_edit};
use crate::{Action, ActionContext, ActionError, Example};

/// Merges data into a JSON or YAML file.
pub(super) struct Merge;

#[async_trait]
impl Action for Merge {
    fn id(&self) -> &'static str {
        "roadiehq:utils:merge"
    }

    fn description(&self) -> &'static str {
        "Merges data into a JSON or YAML file of the workspace, keeping comments and format of \
         YAML when asked to."
    }

    fn input(&self) -> Value {
        object(
            &["path", "content"],
            json!({
                "path": text("The path of the file: .json, .yaml or .yml."),
                "content": {"type": ["string", "object"],
                    "description": "What is merged into it: data, or text in the file's format."},
                "mergeArrays": flag("Adds the items of lists that are not there yet. \
                                     Default: items replace those at the same place."),
                "preserveYamlComments": flag("Changes only the lines that have to change; \
                                              all else of the YAML stays as it is written."),
                "useDocumentIncludingField": {"type": "object", "required": ["key", "value"],
                    "description": "Of several YAML documents, changes the one whose top-level \
                                    field has this value.",
                    "properties": {"key": text("The name of the field."),
                                   "value": text("Its value.")}},
                "options": {"type": "object", "description": "Known for compatibility; YAML is \
                    written in one style."},
            }),
        )
    }

    fn output(&self) -> Value {
        object(&["path"], json!({"path": text("The path of the file.")}))
    }

    fn examples(&self) -> Vec<Example> {
        example(
            "Add a tag to the catalog file",
            json!({"path": "catalog-info.yaml", "content": {"metadata": {"tags": ["redis"]}},
                   "mergeArrays": true, "preserveYamlComments": true}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let path = context.required("path")?;
        let old = read_text(context, path)?;
        let extension = path.rsplit('.').next().unwrap_or_default();
        let new = match extension.to_ascii_lowercase().as_str() {
            "json" => merge_json(context, path, &old)?,
            "yaml" | "yml" => merge_yaml(context, path, &old)?,
            _ => {
                return Err(ActionError::Input(format!(
                    "input.path: {path} is neither .json, .yaml nor .yml"
                )));
            }
        };
        context.workspace.write(path, new.as_bytes(), false)?;
        Ok(output([("path", Value::String(path.to_owned()))]))
    }
}

fn merge_json(context: &ActionContext, path: &str, old: &str) -> Result<String, ActionError> {
    let content = match &context.input["content"] {
        Value::String(text) => parse_json("input.content", text)?,
        content => content.clone(),
    };
    let mut value = parse_json(path, old)?;
    merging::merge(&mut value, content, context.flag("mergeArrays"));
    json_text::write(&value, &json_text::Indent::default())
}

fn merge_yaml(context: &ActionContext, path: &str, old: &str) -> Result<String, ActionError> {
    let content = match &context.input["content"] {
        Value::String(text) => parse_one_yaml("input.content", text)?,
        content => content.clone(),
    };
    let (before, document, after) = pick(context, path, old)?;
    let value = parse_one_yaml(path, document)?;
    let mut merged = value.clone();
    merging::merge(&mut merged, content, context.flag("mergeArrays"));
    let keeps = context.flag("preserveYamlComments");
    let edited = keeps.then(|| yaml_edit::edit(document, &merged)).flatten();
    if keeps && edited.is_none() {
        context.log(format!(
            "{path}: this change cannot be made in the text as it is written; the document is \
             written anew, without its comments"
        ));
    }
    let text = edited.unwrap_or_else(|| yaml::document(&merged));
    Ok(format!("{before}{text}{after}"))
}

/// The document to change, with the text before and after it.
fn pick<'a>(
    context: &ActionContext,
    path: &str,
    text: &'a str,
) -> Result<(&'a str, &'a str, &'a str), ActionError> {
    let documents = parse_documents(text, &Limits::default());
    let chosen = match context.input.get("useDocumentIncludingField") {
        Some(wanted) => {
            let key = wanted["key"].as_str().unwrap_or_default();
            let of = |value: &Value| match &value[key] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let value = wanted["value"].as_str().unwrap_or_default();
            let found = documents
                .iter()
                .find(|it| matches!(&it.outcome, Ok(document) if of(document) == value));
            found.ok_or_else(|| {
                ActionError::Input(format!(
                    "input.useDocumentIncludingField: no document of {path} has {key}: {value}"
                ))
            })?
        }
        None => match &documents[..] {
            [] => return Ok(("", text, "")),
            [only] => only,
            more => {
                return Err(ActionError::Input(format!(
                    "{path} holds {} documents; say which with input.useDocumentIncludingField",
                    more.len()
                )));
            }
        },
    };
    if let Err(error) = &chosen.outcome {
        return Err(not_yaml(path, error));
    }
    let start = chosen.text.as_ptr() as usize - text.as_ptr() as usize;
    let end = start + chosen.text.len();
    // A document begins behind its marker, where that ends a line of its own.
    Ok((&text[..start], chosen.text, &text[end..]))
}
