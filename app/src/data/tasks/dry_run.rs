//! What a template would do.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::LogLine;
use crate::data::{Json, UiError};

/// A file that a dry run made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryFileView {
    /// Its path in the repository.
    pub path: String,
    /// Its text; none when it is no text.
    pub text: Option<String>,
    /// Its lines with highlighting, where there is one.
    pub html: Option<Vec<String>>,
}

/// What came of a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRunView {
    /// The files, by path.
    pub files: Vec<DryFileView>,
    /// There are more than are shown.
    pub truncated: bool,
    /// Step, summary and details of everything that would have happened outside.
    pub effects: Vec<(String, String, String)>,
    /// What it said.
    pub lines: Vec<LogLine>,
    /// Why it would fail.
    pub error: Option<String>,
}

/// Runs a template without doing anything.
#[server(prefix = "/_ui", endpoint = "dry-run", input = Json, output = Json)]
pub async fn dry_run(
    template_ref: String,
    values: Value,
    secrets: Value,
) -> Result<DryRunView, UiError> {
    use portico_tasks::{DryRun, DryRunTemplate};

    let context = crate::data::server_context()?;
    let dry = DryRun {
        template: DryRunTemplate::Registered(template_ref),
        values,
        secrets,
        beside: None,
        directory_contents: Vec::new(),
    };
    let result = context.tasks()?.dry_run(&context.principal, dry).await?;
    Ok(server::view(result))
}

#[cfg(feature = "ssr")]
pub(crate) use server::view as view_of_dry_run;

#[cfg(feature = "ssr")]
mod server {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use portico_tasks::{DryRunFile, DryRunResult};
    use serde_json::Value;

    use super::{DryFileView, DryRunView};
    use crate::data::{highlight, tasks::LogLine};

    pub(crate) fn view(result: DryRunResult) -> DryRunView {
        let mut files: Vec<DryFileView> = result.directory_contents.into_iter().map(file).collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let effects = result.effects.into_iter().map(|effect| {
            let details = serde_json::to_string_pretty(&effect.details);
            (effect.step, effect.summary, details.unwrap_or_default())
        });
        DryRunView {
            files,
            truncated: result.truncated,
            effects: effects.collect(),
            lines: (1..).zip(&result.log).filter_map(line).collect(),
            error: result.error,
        }
    }

    fn file(file: DryRunFile) -> DryFileView {
        let content = STANDARD.decode(&file.base64_content).unwrap_or_default();
        let text = String::from_utf8(content).ok();
        let extension = std::path::Path::new(&file.path).extension();
        let yaml = extension.is_some_and(|it| it == "yaml" || it == "yml");
        DryFileView {
            html: text.as_deref().filter(|_| yaml).map(highlight::yaml),
            path: file.path,
            text,
        }
    }

    fn line((id, event): (i64, &Value)) -> Option<LogLine> {
        let text = |key: &str| {
            let text = event.get("body")?.get(key)?.as_str()?;
            Some(text.to_owned())
        };
        Some(LogLine {
            id,
            at: 0,
            step: text("stepId"),
            level: text("level").unwrap_or_else(|| "info".to_owned()),
            message: text("message")?,
        })
    }
}
