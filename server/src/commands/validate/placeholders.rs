//! `$text`, `$json` and `$yaml` that name files beside the document, and files
//! that are there for another file's sake.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use portico_model::{
    Violation, placeholder,
    yaml::{Limits, parse_documents},
};
use serde_json::Value;

use super::files::{self, Source};

/// Leaves out files of folders that are no catalog files: those that other
/// files embed, and those that a template makes new files from.
pub(super) fn leave_out_parts(sources: &mut Vec<Source>) {
    let parts: HashSet<PathBuf> = sources
        .iter()
        .flat_map(parts_of)
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    if !parts.is_empty() {
        sources.retain(|source| {
            let path = source.path.canonicalize().unwrap_or_default();
            source.named || !path.ancestors().any(|path| parts.contains(path))
        });
    }
}

/// The files and folders that the documents of a file use.
fn parts_of(source: &Source) -> Vec<PathBuf> {
    let Ok(text) = &source.text else {
        return Vec::new();
    };
    // Most files use none, and need not be parsed for it.
    if !text.contains('$') && !text.contains(TEMPLATE_ACTION) {
        return Vec::new();
    }
    let mut parts = Vec::new();
    for document in parse_documents(text, &Limits::default()) {
        let Ok(value) = document.outcome else {
            continue;
        };
        let found = placeholder::find(&value).unwrap_or_default();
        parts.extend(
            found
                .iter()
                .filter_map(|one| beside(&source.path, &one.target)),
        );
        let steps = value.pointer("/spec/steps").and_then(Value::as_array);
        for step in steps.into_iter().flatten() {
            let action = step
                .get("action")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let folder = step.pointer("/input/url").and_then(Value::as_str);
            let folder = folder.and_then(whatever_the_form_gives);
            if action.starts_with(TEMPLATE_ACTION) {
                parts.extend(folder.and_then(|folder| beside(&source.path, folder)));
            }
        }
    }
    parts
}

/// `fetch:template` and its variant for one file.
const TEMPLATE_ACTION: &str = "fetch:template";

/// The folder that is read from in any case: `./ci/` of `./ci/${{ parameters.stack }}`. Nothing when
/// that is the template's own folder.
fn whatever_the_form_gives(url: &str) -> Option<&str> {
    let (folder, is_whole) = match url.split_once("${{") {
        Some((before, _)) => (before.rsplit_once('/')?.0, false),
        None => (url, true),
    };
    (is_whole || !matches!(folder, "" | ".")).then_some(folder)
}

/// Puts the content of files in the place of their placeholders.
///
/// A target on the web is not read; it stands for some text.
pub(super) fn resolve(document: &mut Value, path: &Path) -> Result<(), Vec<Violation>> {
    let found = placeholder::find(document).map_err(|violation| vec![violation])?;
    let mut read: HashMap<PathBuf, Result<String, String>> = HashMap::new();
    let mut contents = Vec::new();
    let mut violations = Vec::new();
    for placeholder in found {
        let Some(file) = beside(path, &placeholder.target) else {
            let unread = Value::String(placeholder.target.clone());
            contents.push((placeholder, unread));
            continue;
        };
        let text = read
            .entry(file)
            .or_insert_with_key(|file| files::read_text(file).map_err(|error| error.to_string()));
        let value = match text {
            Ok(text) => placeholder.read(text, &Limits::default()),
            Err(error) => {
                let message = format!("{} cannot be read: {error}", placeholder.target);
                Err(placeholder.violation(message))
            }
        };
        match value {
            Ok(value) => contents.push((placeholder, value)),
            Err(violation) => violations.push(violation),
        }
    }
    if violations.is_empty() {
        placeholder::substitute(document, contents);
        Ok(())
    } else {
        Err(violations)
    }
}

/// The path that a target in a document means; `None` for a URL.
fn beside(document: &Path, target: &str) -> Option<PathBuf> {
    if target.contains("://") {
        return None;
    }
    Some(document.parent().unwrap_or(Path::new("")).join(target))
}

#[cfg(test)]
mod tests {
    use super::whatever_the_form_gives;

    #[test]
    fn skeletons_that_depend_on_the_form() {
        for (url, folder) in [
            ("./skeleton", Some("./skeleton")),
            ("./ci/${{ parameters.stack }}", Some("./ci")),
            ("ci/a-${{ parameters.stack }}/b", Some("ci")),
            ("./${{ parameters.stack }}", None),
            ("${{ parameters.stack }}", None),
        ] {
            assert_eq!(whatever_the_form_gives(url), folder, "{url}");
        }
    }
}
