//! The native actions, one a file.

mod catalog_fetch;
mod catalog_register;
mod catalog_write;
mod debug_log;
mod debug_wait;
mod fetch_plain;
mod fetch_plain_file;
mod fetch_template;
mod fetch_template_file;
mod fs_delete;
mod fs_read;
mod fs_readdir;
mod fs_rename;
mod fs_write;
mod roadiehq;
mod skeleton;
mod workspace_template;
mod workspace_template_file;
mod yaml;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::{Action, Example};

/// All of them.
pub(crate) fn native() -> Vec<Arc<dyn Action>> {
    let mut actions: Vec<Arc<dyn Action>> = vec![
        Arc::new(catalog_fetch::CatalogFetch),
        Arc::new(catalog_register::CatalogRegister),
        Arc::new(catalog_write::CatalogWrite),
        Arc::new(debug_log::DebugLog),
        Arc::new(debug_wait::DebugWait),
        Arc::new(fetch_plain::FetchPlain),
        Arc::new(fetch_plain_file::FetchPlainFile),
        Arc::new(fetch_template::FetchTemplate),
        Arc::new(fetch_template_file::FetchTemplateFile),
        Arc::new(fs_delete::FsDelete),
        Arc::new(fs_read::FsRead),
        Arc::new(fs_readdir::FsReaddir),
        Arc::new(fs_rename::FsRename),
        Arc::new(fs_write::FsWrite),
        Arc::new(workspace_template::WorkspaceTemplate),
        Arc::new(workspace_template_file::WorkspaceTemplateFile),
    ];
    actions.extend(roadiehq::all());
    actions
}

/// The schema of an object with these fields.
fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn flag(description: &str) -> Value {
    json!({"type": "boolean", "description": description})
}

fn texts(description: &str) -> Value {
    json!({"type": "array", "items": {"type": "string"}, "description": description})
}

fn example(description: &str, input: Value) -> Vec<Example> {
    example_with(description, input, Map::new())
}

fn example_with(description: &str, input: Value, output: Map<String, Value>) -> Vec<Example> {
    vec![Example {
        description: description.to_owned(),
        input,
        output,
    }]
}

/// An output of these fields.
fn output<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// A path below another; the root of the workspace is `.`.
fn below(folder: &str, path: &str) -> String {
    match folder.trim_end_matches('/') {
        "" | "." => path.to_owned(),
        folder => format!("{folder}/{path}"),
    }
}
