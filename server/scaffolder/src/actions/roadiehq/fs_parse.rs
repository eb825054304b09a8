//! `roadiehq:utils:fs:parse`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example, object, output, text};
use super::{parse_json, parse_one_yaml, parse_yaml, read_text};
use crate::{Action, ActionContext, ActionError, Example};

/// The largest file whose content becomes an output, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// Reads a file as data.
pub(super) struct FsParse;

#[async_trait]
impl Action for FsParse {
    fn id(&self) -> &'static str {
        "roadiehq:utils:fs:parse"
    }

    fn description(&self) -> &'static str {
        "Reads a file of the workspace as YAML or JSON, or as text, for later steps."
    }

    fn input(&self) -> Value {
        object(
            &["path"],
            json!({
                "path": text("The path of the file."),
                "parser": {"type": "string", "enum": ["yaml", "json", "multiyaml"],
                    "description": "How it is read; multiyaml gives a list of documents. \
                                    Default: as text."},
            }),
        )
    }

    fn output(&self) -> Value {
        object(
            &["content"],
            json!({"content": {"description": "What was read."}}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        example(
            "Read the catalog file",
            json!({"path": "catalog-info.yaml", "parser": "yaml"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let path = context.required("path")?;
        let content = read_text(context, path)?;
        if content.len() > MAX_BYTES {
            return Err(ActionError::Input(format!(
                "{path} has more than {MAX_BYTES} bytes"
            )));
        }
        let content = match context.text("parser") {
            Some("json") => parse_json(path, &content)?,
            Some("yaml") => parse_one_yaml(path, &content)?,
            Some("multiyaml") => Value::Array(parse_yaml(path, &content)?),
            _ => Value::String(content),
        };
        Ok(output([("content", content)]))
    }
}
