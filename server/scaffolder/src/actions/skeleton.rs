//! Rendering files: what `fetch:template` and `workspace:template` share.
//!
//! The rules are those of the reference (chapter 5.4): values are under `values`, binary files
//! are copied, paths are rendered as contents are, and a path that renders empty, absolute or
//! with `//` leaves its file out, which is how conditions in file names work.

use globset::GlobSet;
use portico_templating::{Context, Engine, Syntax};
use serde_json::{Value, json};

use crate::{ActionContext, ActionError, FetchedFile, Workspace, workspace::globs};

/// How files are rendered.
pub(super) struct Rendering {
    engine: Engine,
    context: Context,
    /// Paths whose content stays as it is.
    plain: GlobSet,
    /// Only files with this ending are rendered, and lose it.
    ending: Option<String>,
    replace: bool,
    target: String,
}

impl Rendering {
    /// As the input of an action says.
    pub(super) fn new(action: &ActionContext) -> Result<Self, ActionError> {
        let plain: Vec<_> = ["copyWithoutTemplating", "copyWithoutRender"]
            .into_iter()
            .flat_map(|field| action.texts(field))
            .collect();
        let ending = match action.input.get("templateFileExtension") {
            Some(Value::Bool(true)) => Some(".njk".to_owned()),
            Some(Value::String(ending)) if !ending.is_empty() => {
                Some(format!(".{}", ending.trim_start_matches('.')))
            }
            _ => None,
        };
        if ending.is_some() && !plain.is_empty() {
            return Err(ActionError::Input(
                "input.templateFileExtension and input.copyWithoutTemplating exclude each other"
                    .to_owned(),
            ));
        }
        let cookiecutter = action.flag("cookiecutterCompat");
        let syntax = if cookiecutter {
            Syntax::JINJA
        } else {
            Syntax::BACKSTAGE
        };
        let values = action
            .input
            .get("values")
            .cloned()
            .unwrap_or_else(|| json!({}));
        let root = if cookiecutter {
            "cookiecutter"
        } else {
            "values"
        };
        Ok(Self {
            engine: action.engine.clone().with_syntax(
                syntax.with_blanks(action.flag("trimBlocks"), action.flag("lstripBlocks")),
            ),
            context: Context::new(&json!({ root: values }))?,
            plain: globs(plain)?,
            ending,
            replace: action.flag("replace"),
            target: action.text("targetPath").unwrap_or(".").to_owned(),
        })
    }

    /// Renders files into the workspace; how many were written.
    pub(super) fn write_all(
        &self,
        files: &[FetchedFile],
        workspace: &Workspace,
    ) -> Result<usize, ActionError> {
        let mut written = 0;
        for file in files {
            let is_template = match &self.ending {
                Some(ending) => file.path.ends_with(ending.as_str()),
                None => !self.plain.is_match(&file.path),
            };
            let path = match (&self.ending, is_template) {
                (Some(ending), true) => &file.path[..file.path.len() - ending.len()],
                _ => &file.path,
            };
            let path = self.rendered(path, &file.path)?;
            if path.is_empty()
                || path.starts_with('/')
                || path.contains("//")
                || path.ends_with('/')
            {
                continue;
            }
            let path = super::below(&self.target, &path);
            written += usize::from(self.write(file, &path, is_template, workspace)?);
        }
        Ok(written)
    }

    /// Renders one file to a path; whether it was written.
    pub(super) fn write(
        &self,
        file: &FetchedFile,
        path: &str,
        is_template: bool,
        workspace: &Workspace,
    ) -> Result<bool, ActionError> {
        if !self.replace && workspace.exists(path)? {
            return Ok(false);
        }
        let text = if is_template && !is_binary(&file.content) {
            std::str::from_utf8(&file.content).ok()
        } else {
            None
        };
        match text {
            None => workspace.write(path, &file.content, file.is_executable)?,
            Some(text) => {
                let rendered = self.rendered(text, &file.path)?;
                workspace.write(path, rendered.as_bytes(), file.is_executable)?;
            }
        }
        Ok(true)
    }

    fn rendered(&self, text: &str, file: &str) -> Result<String, ActionError> {
        let rendered = self.engine.render(text, &self.context);
        rendered.map_err(|error| error.within(file).into())
    }
}

/// Whether a content is no text: it has a zero byte near its start, as git decides it.
fn is_binary(content: &[u8]) -> bool {
    content.iter().take(8000).any(|byte| *byte == 0)
}

/// The fields of the input that say how to render.
pub(super) fn properties() -> Value {
    json!({
        "values": {"type": "object", "description": "What templates see as values."},
        "copyWithoutTemplating": super::texts("Globs of files whose content stays as it is."),
        "copyWithoutRender": super::texts("The old name of copyWithoutTemplating."),
        "cookiecutterCompat": super::flag("Whether the files are written for Cookiecutter."),
        "templateFileExtension": {
            "description": "Render files with this ending only, and drop it; true is .njk.",
            "anyOf": [{"type": "boolean"}, {"type": "string"}],
        },
        "replace": super::flag("Whether to replace files that are there."),
        "trimBlocks": super::flag("Whether to drop the line break after a tag."),
        "lstripBlocks": super::flag("Whether to drop the blanks before a tag on its own line."),
    })
}

/// The schema of an action that renders: these required fields, and others beside the common.
pub(super) fn schema(required: &[&str], others: Value) -> Value {
    let mut all = properties();
    if let (Value::Object(all), Value::Object(others)) = (&mut all, others) {
        all.extend(others);
    }
    super::object(required, all)
}
