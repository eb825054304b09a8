//! Case files: templates with what they should print, as data.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::{Context, Engine};

/// A file of cases: `{"cases": [{"id", "template", "context", "expected"}]}`.
#[derive(Clone, Debug, Deserialize)]
pub struct CaseFile {
    /// The cases.
    pub cases: Vec<Case>,
}

/// One template and what it should print.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// What it is called.
    pub id: String,
    /// The template.
    pub template: String,
    /// Its variables.
    #[serde(default)]
    pub context: Json,
    /// What it should print.
    pub expected: String,
}

impl Case {
    /// Renders the template. The error is what it printed instead, or why it printed nothing.
    pub fn check(&self, engine: &Engine) -> Result<(), String> {
        let printed =
            Context::new(&self.context).and_then(|context| engine.render(&self.template, &context));
        match printed {
            Ok(printed) if printed == self.expected => Ok(()),
            Ok(printed) => Err(printed),
            Err(error) => Err(format!("error: {error}")),
        }
    }
}
