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

/// Something that would have happened outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryEffectView {
    /// The step.
    pub step: String,
    /// What, in a sentence.
    pub summary: String,
    /// What it changes in a repository: the diff, and its lines with highlighting.
    pub diff: Option<(String, Vec<String>)>,
    /// What else there is to know, as JSON; empty for nothing.
    pub details: String,
}

/// What came of a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRunView {
    /// The files, by path.
    pub files: Vec<DryFileView>,
    /// There are more than are shown.
    pub truncated: bool,
    /// Everything that would have happened outside, in order.
    pub effects: Vec<DryEffectView>,
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
    use portico_tasks::{DryRunFile, DryRunResult, Effect};
    use serde_json::Value;

    use super::{DryEffectView, DryFileView, DryRunView};
    use crate::data::{
        highlight,
        tasks::{LogLine, progress::plain},
    };

    pub(crate) fn view(result: DryRunResult) -> DryRunView {
        let mut files: Vec<DryFileView> = result.directory_contents.into_iter().map(file).collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let effects = result.effects.into_iter().map(effect);
        DryRunView {
            files,
            truncated: result.truncated,
            effects: effects.collect(),
            lines: (1..).zip(&result.log).filter_map(line).collect(),
            error: result.error,
        }
    }

    fn effect(effect: Effect) -> DryEffectView {
        let mut details = effect.details;
        let diff = details
            .as_object_mut()
            .and_then(|it| it.shift_remove("diff"));
        let diff = diff.as_ref().and_then(Value::as_str);
        let is_empty =
            details.is_null() || details.as_object().is_some_and(serde_json::Map::is_empty);
        let text = serde_json::to_string_pretty(&details);
        DryEffectView {
            step: effect.step,
            summary: effect.summary,
            diff: diff.map(|text| (text.to_owned(), highlight::diff(text))),
            details: text.ok().filter(|_| !is_empty).unwrap_or_default(),
        }
    }

    fn file(file: DryRunFile) -> DryFileView {
        let content = STANDARD.decode(&file.base64_content).unwrap_or_default();
        let text = String::from_utf8(content).ok();
        DryFileView {
            html: text
                .as_deref()
                .and_then(|text| highlight::file(&file.path, text)),
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
            message: plain(&text("message")?),
        })
    }
}
