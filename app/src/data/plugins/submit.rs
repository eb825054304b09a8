//! Handing in a plugin from a page. The file itself goes to the REST API.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Json, UiError};

/// Where a file is handed in.
pub const SUBMISSIONS: &str = "/api/plugins/submissions";

/// The page where a plugin is handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitView {
    /// The most bytes a file has.
    pub limit: u64,
    /// The registries that plugins may be fetched from.
    pub registries: Vec<String>,
}

/// The page where a plugin is handed in, for those who may.
#[server(prefix = "/_ui", endpoint = "submit-plugin", input = Json, output = Json)]
pub async fn load_submit() -> Result<SubmitView, UiError> {
    let context = crate::data::server_context()?;
    let plugins = context.plugins()?;
    plugins.require_submit(&context.principal)?;
    Ok(SubmitView {
        limit: portico_plugins::package::PACKAGE_LIMIT as u64,
        registries: plugins.registries(),
    })
}

/// What the API says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It waits for review.
    Accepted(Accepted),
    /// It cannot be a plugin here.
    Refused(ReportView),
    /// It was not looked at, or collides with what is there.
    Failed(String),
}

/// A version that waits for review.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Accepted {
    /// The plugin.
    pub plugin: String,
    /// The version.
    pub version: String,
    /// What inspection says.
    pub report: ReportView,
}

/// The part of a report that people read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ReportView {
    /// In bytes.
    pub size: u64,
    /// Names the file.
    pub digest: String,
    /// The worst first.
    pub findings: Vec<FindingView>,
}

/// Something somebody should know.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FindingView {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// What it is.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
    report: Option<ReportView>,
}

impl Submitted {
    /// Reads the API's answer; none is that the server was not reached.
    pub fn read(answer: Option<(u16, String)>) -> Self {
        let Some((status, body)) = answer else {
            let text = "The server could not be reached. Try again.";
            return Self::Failed(text.to_owned());
        };
        if status == 201
            && let Ok(accepted) = serde_json::from_str(&body)
        {
            return Self::Accepted(accepted);
        }
        match serde_json::from_str(&body) {
            Ok(Problem {
                report: Some(report),
                ..
            }) => Self::Refused(report),
            Ok(Problem { detail, .. }) => Self::Failed(detail),
            Err(_) => Self::Failed(format!("The server answered with status {status}.")),
        }
    }
}

/// What the API is sent instead of a file.
pub fn by_reference(reference: &str) -> String {
    serde_json::json!({"reference": reference.trim()}).to_string()
}

/// What to say of a file that is larger than the limit; nothing when it is not.
pub fn too_large(size: u64, limit: u64) -> Option<String> {
    let mb = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    (size > limit).then(|| {
        let (size, limit) = (mb(size), mb(limit));
        format!("The file has {size}; at most {limit} are accepted.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_says_something() {
        let report = r#"{"size":1,"digest":"sha256:a","findings":[
            {"severity":"error","code":"c","message":"m","help":""}],"imports":[]}"#;
        let accepted =
            format!(r#"{{"plugin":"a:b","version":"1.0.0","digest":"d","report":{report}}}"#);
        let read = |status: u16, body: &str| Submitted::read(Some((status, body.to_owned())));
        assert!(matches!(read(201, &accepted), Submitted::Accepted(it) if it.plugin == "a:b"));
        let refused = format!(r#"{{"detail":"no","report":{report}}}"#);
        assert!(matches!(read(422, &refused), Submitted::Refused(it) if it.findings.len() == 1));
        assert_eq!(
            read(409, r#"{"detail":"again"}"#),
            Submitted::Failed("again".to_owned())
        );
        assert!(matches!(read(502, "<html>"), Submitted::Failed(it) if it.contains("502")));
        assert!(matches!(Submitted::read(None), Submitted::Failed(_)));
    }

    #[test]
    fn the_limit_is_said_in_numbers() {
        assert_eq!(too_large(10, 10), None);
        let text = too_large(70_000_000, 64 << 20).unwrap();
        assert_eq!(text, "The file has 70.0 MB; at most 67.1 MB are accepted.");
    }
}
