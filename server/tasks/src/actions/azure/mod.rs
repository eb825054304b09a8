//! Actions on Azure DevOps: `publish:azure` and the `azure:*` family.
//!
//! Each action is a file. [`Place`] knows where it works, in whose name, and with which token.

mod pipeline_create;
mod pipeline_permit;
mod pipeline_run;
mod place;
mod policies;
mod pr_create;
mod publish;
mod repository_clone;
mod repository_policy;
mod repository_push;

use std::sync::Arc;

use portico_scaffolder::{Action, ActionContext};
use serde_json::{Value, json};

use super::{Repositories, text};
use place::Place;

/// The version of the API that pipelines are in for good.
const PIPELINES: [(&str, &str); 1] = [("api-version", "7.0")];

/// All of them.
pub(crate) fn actions(repositories: &Repositories) -> Vec<Arc<dyn Action>> {
    let one = || repositories.clone();
    vec![
        Arc::new(publish::PublishAzure(one())),
        Arc::new(repository_clone::RepositoryClone(one())),
        Arc::new(repository_push::RepositoryPush(one())),
        Arc::new(repository_policy::RepositoryPolicy(one())),
        Arc::new(pr_create::PrCreate(one())),
        Arc::new(pipeline_create::PipelineCreate(one())),
        Arc::new(pipeline_run::PipelineRun(one())),
        Arc::new(pipeline_permit::PipelinePermit(one())),
    ]
}

/// A schema with these fields and the token.
fn object(required: &[&str], mut properties: Value) -> Value {
    properties["token"] = text(
        "A personal access token to sign in with, in place of what integrations.azure has; such \
         as ${{ secrets.AZURE_TOKEN }}.",
    );
    super::object(required, properties)
}

/// The same for an action on a project.
fn project_object(required: &[&str], mut properties: Value) -> Value {
    properties["host"] = text("The host. Default: dev.azure.com.");
    properties["organization"] = text("The organisation, or the collection on a server.");
    properties["project"] = text("The project.");
    let required: Vec<&str> = [&["organization", "project"], required].concat();
    object(&required, properties)
}

/// A number of the input, also when a template gives it as text.
fn number(context: &ActionContext, field: &str) -> Option<f64> {
    let value = context.input.get(field)?;
    value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// A field that is a number, or one as text.
fn number_schema(description: &str) -> Value {
    json!({"type": ["number", "string"], "description": description})
}
