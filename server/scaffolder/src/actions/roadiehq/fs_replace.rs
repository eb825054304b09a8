//! `roadiehq:utils:fs:replace`

use async_trait::async_trait;
use globset::GlobBuilder;
use regex::{NoExpand, RegexBuilder};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::{example, object, text};
use super::{blocking, read_text};
use crate::{Action, ActionContext, ActionError, Example, WorkspaceError};

/// Bounds the automaton of an expression, in bytes.
const MAX_EXPRESSION: usize = 1 << 20;

/// Finds and replaces text in files.
pub(super) struct FsReplace;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    file: String,
    find: String,
    #[serde(default)]
    match_regex: bool,
    replace_with: String,
    #[serde(default)]
    include_dot_files: bool,
}

#[async_trait]
impl Action for FsReplace {
    fn id(&self) -> &'static str {
        "roadiehq:utils:fs:replace"
    }

    fn description(&self) -> &'static str {
        "Replaces text in files of the workspace: a plain text, or what a regular expression \
         matches. Expressions have no look-around and no back-references, so that they end."
    }

    fn input(&self) -> Value {
        let one = object(
            &["file", "find", "replaceWith"],
            json!({
                "file": text("A path or a glob."),
                "find": text("What is replaced, everywhere in the file."),
                "matchRegex": {"type": "boolean", "description": "It is a regular expression; \
                    $1 in replaceWith is its first group."},
                "replaceWith": text("What comes in its place."),
                "includeDotFiles": {"type": "boolean", "description": "The glob matches files \
                    and folders whose names begin with a dot, too."},
            }),
        );
        object(
            &["files"],
            json!({"files": {"type": "array", "items": one, "description": "In this order."}}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let one = json!({"file": "src/**/*.cs", "find": "SERVICE_NAME", "replaceWith": "Orders"});
        example("Name the service", json!({ "files": [one] }))
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let context = context.clone();
        blocking(move || {
            let files = context.input["files"].clone();
            let replacements: Vec<Replacement> = serde_json::from_value(files)
                .map_err(|error| ActionError::Input(format!("input.files: {error}")))?;
            for replacement in &replacements {
                let changed = replacement.apply(&context)?;
                context.log(format!("{}: changed {changed} files", replacement.file));
            }
            Ok(Map::new())
        })
        .await
    }
}

impl Replacement {
    fn apply(&self, context: &ActionContext) -> Result<usize, ActionError> {
        if self.find.is_empty() {
            return Err(ActionError::Input("input.files: find is empty".to_owned()));
        }
        let expression = match self.match_regex {
            true => self.find.clone(),
            false => regex::escape(&self.find),
        };
        let expression = RegexBuilder::new(&expression)
            .multi_line(true)
            .size_limit(MAX_EXPRESSION)
            .build()
            .map_err(|error| {
                ActionError::Input(format!(
                    "input.files: {:?} is no expression: {error}",
                    self.find
                ))
            })?;
        let mut changed = 0;
        for (path, is_executable) in self.paths(context)? {
            if context.cancelled.is_cancelled() {
                return Err(ActionError::Cancelled);
            }
            let content = read_text(context, &path)?;
            let with = self.replace_with.as_str();
            let replaced = match self.match_regex {
                true => expression.replace_all(&content, with),
                false => expression.replace_all(&content, NoExpand(with)),
            };
            if replaced != content {
                context
                    .workspace
                    .write(&path, replaced.as_bytes(), is_executable)?;
                changed += 1;
            }
        }
        Ok(changed)
    }

    /// The files it is about, and whether each can be run. A path that is no glob has to exist.
    fn paths(&self, context: &ActionContext) -> Result<Vec<(String, bool)>, ActionError> {
        let glob = self.file.trim_start_matches("./");
        let matcher = GlobBuilder::new(glob)
            .literal_separator(true)
            .build()
            .map_err(|error| WorkspaceError::Glob {
                glob: glob.to_owned(),
                reason: error.to_string(),
            })?
            .compile_matcher();
        let named_dot = |path: &str| path.split('/').any(|part| part.starts_with('.'));
        let shows_dots = self.include_dot_files || named_dot(glob);
        let found: Vec<(String, bool)> = context
            .workspace
            .list(".")?
            .into_iter()
            .filter(|it| !it.is_folder && matcher.is_match(&it.path))
            .filter(|it| shows_dots || !named_dot(&it.path))
            .map(|it| (it.path, it.is_executable))
            .collect();
        if found.is_empty() && !glob.contains(['*', '?', '[', '{']) {
            return Err(WorkspaceError::NotFound {
                path: glob.to_owned(),
            }
            .into());
        }
        Ok(found)
    }
}
