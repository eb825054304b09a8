//! Files of a folder, and what comes of a template.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_tasks::{DryRun, DryRunFile, DryRunTemplate};
use serde_json::{Value, json};

use super::{template, templates};
use crate::support::{ADMIN, Portal};

/// A file of a template, or one that came of it.
pub(super) struct File {
    /// From the folder.
    pub(super) path: String,
    pub(super) text: String,
    pub(super) executable: bool,
}

/// The files below a folder, by path.
pub(super) fn below(folder: &Path) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            files.push(File {
                path: name.to_owned(),
                text: fs::read_to_string(&path).unwrap(),
                executable: mode & 0o111 != 0,
            });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// What a template of the example makes of values, without doing anything.
pub(super) async fn rendered(portal: &Portal, name: &str, values: Value) -> Vec<File> {
    rendered_from(portal, name, template(name), values).await
}

/// What one folder beside a template becomes.
pub(super) async fn folder(portal: &Portal, name: &str, folder: &str, values: Value) -> Vec<File> {
    let mut one = template(name);
    one["spec"]["steps"] = json!([
        {"id": "only", "action": "fetch:template", "input": {"url": folder, "values": values}},
    ]);
    one["spec"]["parameters"] = json!([]);
    one["spec"]["output"] = json!({});
    rendered_from(portal, name, one, json!({})).await
}

async fn rendered_from(portal: &Portal, name: &str, template: Value, values: Value) -> Vec<File> {
    let beside = below(&templates().join(name)).into_iter();
    let beside = beside.map(|file| DryRunFile {
        path: file.path,
        base64_content: STANDARD.encode(file.text),
        executable: file.executable,
    });
    let run = DryRun {
        template: DryRunTemplate::Draft(template),
        values,
        secrets: Value::Null,
        beside: None,
        directory_contents: beside.collect(),
    };
    let result = portal.tasks().dry_run(&ADMIN, run).await.unwrap();
    assert_eq!(result.error, None, "{name}");
    assert!(!result.truncated);
    let files = result.directory_contents.into_iter().map(|file| File {
        text: String::from_utf8(STANDARD.decode(file.base64_content).unwrap()).unwrap(),
        path: file.path,
        executable: file.executable,
    });
    files.collect()
}
