//! `roadiehq:utils:zip`

use std::io::{Cursor, Write as _};

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use zip::{ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::super::{example, object, output, text};
use super::blocking;
use crate::{Action, ActionContext, ActionError, Example, Workspace};

/// Bytes that are packed at once: the archive is made in memory.
const MAX_BYTES: u64 = 128 << 20;

/// Packs files.
pub(super) struct Zip;

#[async_trait]
impl Action for Zip {
    fn id(&self) -> &'static str {
        "roadiehq:utils:zip"
    }

    fn description(&self) -> &'static str {
        "Packs a file or a folder of the workspace into a zip archive. Links are left out."
    }

    fn input(&self) -> Value {
        object(
            &["path", "outputPath"],
            json!({
                "path": text("The file or folder to pack."),
                "outputPath": text("The path of the archive."),
            }),
        )
    }

    fn output(&self) -> Value {
        object(
            &["outputPath"],
            json!({"outputPath": text("The path of the archive.")}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        example(
            "Pack a folder",
            json!({"path": "docs", "outputPath": "docs.zip"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let (from, to) = (context.required("path")?, context.required("outputPath")?);
        let (workspace, folder, archive) =
            (context.workspace.clone(), from.to_owned(), to.to_owned());
        let files = blocking(move || {
            let (bytes, files) = pack(&workspace, &folder, &archive)?;
            workspace.write(&archive, &bytes, false)?;
            Ok(files)
        });
        context.log(format!("packed {} files into {to}", files.await?));
        Ok(output([("outputPath", Value::String(to.to_owned()))]))
    }
}

/// The archive, and how many files are in it. An archive that is already there is not packed.
fn pack(workspace: &Workspace, from: &str, archive: &str) -> Result<(Vec<u8>, usize), ActionError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut left = MAX_BYTES;
    let mut packed = 0;
    for (path, name, is_executable) in entries(workspace, from) {
        if path == archive.trim_start_matches("./") {
            continue;
        }
        let content = workspace.read(&path)?;
        left = left.checked_sub(content.len() as u64).ok_or_else(|| {
            ActionError::Input(format!("{from} has more than {} MiB", MAX_BYTES >> 20))
        })?;
        let mode = if is_executable { 0o755 } else { 0o644 };
        let options = SimpleFileOptions::default().unix_permissions(mode);
        zip.start_file(name, options).map_err(failed)?;
        zip.write_all(&content)
            .map_err(|error| failed(error.into()))?;
        packed += 1;
    }
    let bytes = zip.finish().map_err(failed)?.into_inner();
    Ok((bytes, packed))
}

/// Path in the workspace, name in the archive, and whether it can be run.
fn entries(workspace: &Workspace, from: &str) -> Vec<(String, String, bool)> {
    let from = from.trim_end_matches('/').trim_start_matches("./");
    let folder = if from.is_empty() { "." } else { from };
    let Ok(listed) = workspace.list(folder) else {
        // Not a folder: reading tells what else is wrong.
        let name = from.rsplit('/').next().unwrap_or(from);
        return vec![(from.to_owned(), name.to_owned(), false)];
    };
    let prefix = match folder {
        "." => String::new(),
        folder => format!("{folder}/"),
    };
    let files = listed.into_iter().filter(|it| !it.is_folder);
    let named = files.map(|it| {
        let name = it.path.strip_prefix(&prefix).unwrap_or(&it.path).to_owned();
        (it.path, name, it.is_executable)
    });
    named.collect()
}

fn failed(error: ZipError) -> ActionError {
    ActionError::Failed(format!("the archive cannot be made: {error}"))
}
