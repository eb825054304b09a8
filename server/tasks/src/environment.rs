//! What the platform team sets for all templates: `scaffolder.defaultEnvironment`.

use portico_config::TemplateEnvironment;
use serde_json::{Value, json};

use crate::Tasks;

/// What stands for a secret where it could be seen.
const HIDDEN: &str = "********";

impl Tasks {
    /// `environment` of templates.
    pub(crate) fn environment(&self) -> Value {
        with(&self.catalog().config().scaffolder.environment, |it| it)
    }

    /// The same for dry runs, whose files and effects are shown to who tries.
    pub(crate) fn shown_environment(&self) -> Value {
        let environment = &self.catalog().config().scaffolder.environment;
        with(environment, |_| HIDDEN)
    }
}

fn with(environment: &TemplateEnvironment, shown: impl Fn(&str) -> &str) -> Value {
    let secrets = environment.secrets.iter();
    let secrets = secrets.map(|(name, secret)| (name.clone(), shown(secret.expose()).into()));
    json!({
        "parameters": environment.parameters,
        "secrets": Value::Object(secrets.collect()),
    })
}
