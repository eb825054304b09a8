//! The `roadiehq:utils:*` actions, which many templates use.

mod fs_append;
mod fs_parse;
mod fs_replace;
mod fs_write;
mod json_merge;
mod json_text;
mod jsonata;
mod jsonata_json_transform;
mod jsonata_yaml_transform;
mod merge;
mod merging;
mod query;
mod serialize_json;
mod serialize_yaml;
mod sleep;
mod yaml_edit;
mod yaml_spans;
mod zip;

use std::sync::Arc;

use portico_model::yaml::{Limits, YamlError, parse_documents};
use serde_json::Value;

use crate::{Action, ActionContext, ActionError};

/// All of them.
pub(super) fn all() -> Vec<Arc<dyn Action>> {
    vec![
        Arc::new(sleep::Sleep),
        Arc::new(zip::Zip),
        Arc::new(fs_append::FsAppend),
        Arc::new(fs_write::FsWrite),
        Arc::new(fs_parse::FsParse),
        Arc::new(fs_replace::FsReplace),
        Arc::new(jsonata::Jsonata),
        Arc::new(jsonata_json_transform::JsonataJsonTransform),
        Arc::new(jsonata_yaml_transform::JsonataYamlTransform),
        Arc::new(merge::Merge),
        Arc::new(json_merge::JsonMerge),
        Arc::new(serialize_json::SerializeJson),
        Arc::new(serialize_yaml::SerializeYaml),
    ]
}

/// A file of the workspace that is a text.
fn read_text(context: &ActionContext, path: &str) -> Result<String, ActionError> {
    String::from_utf8(context.workspace.read(path)?)
        .map_err(|_| ActionError::Input(format!("{path} is not a text file (UTF-8)")))
}

/// The JSON of a text; `what` names it in the error.
fn parse_json(what: &str, text: &str) -> Result<Value, ActionError> {
    serde_json::from_str(text)
        .map_err(|error| ActionError::Input(format!("{what} is not JSON: {error}")))
}

/// The documents of a YAML text, empty ones left out; `what` names it in the error.
fn parse_yaml(what: &str, text: &str) -> Result<Vec<Value>, ActionError> {
    let documents = parse_documents(text, &Limits::default()).into_iter();
    documents
        .map(|it| it.outcome.map_err(|error| not_yaml(what, &error)))
        .collect()
}

/// The one document of a YAML text.
fn parse_one_yaml(what: &str, text: &str) -> Result<Value, ActionError> {
    let mut documents = parse_yaml(what, text)?;
    match documents.len() {
        0 => Ok(Value::Null),
        1 => Ok(documents.swap_remove(0)),
        found => Err(ActionError::Input(format!(
            "{what} holds {found} documents, and one is expected"
        ))),
    }
}

fn not_yaml(what: &str, error: &YamlError) -> ActionError {
    ActionError::Input(format!(
        "{what} is not YAML: line {}: {}",
        error.line, error.message
    ))
}

/// Does work that takes the processor for a while, away from the threads that answer requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ActionError> + Send + 'static,
) -> Result<T, ActionError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ActionError::Failed(error.to_string()))?
}
