//! The steps of a template.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    approval::{Approval, approval},
    reader::Reader,
};

/// One thing that a template does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What later steps call it in `steps.<id>.output`; `step-N` unless written.
    pub id: String,
    /// What people see; the action unless written.
    pub name: String,
    /// The id of the action, such as `fetch:template`.
    pub action: String,
    /// What the action gets, with expressions.
    pub input: Map<String, Value>,
    /// When it is done; always unless written.
    #[serde(rename = "if")]
    pub condition: Option<Condition>,
    /// An expression, list or object: the step is done once for each item.
    pub each: Option<Value>,
    /// Who has to agree before it is done.
    pub approval: Option<Approval>,
    /// Tags that permission rules look at.
    pub permission_tags: Vec<String>,
}

/// When a step is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Condition {
    /// Always or never.
    Fixed(bool),
    /// When this expression counts as true.
    Expression(String),
}

pub(super) fn steps(spec: &Reader<'_>) -> Vec<Step> {
    if spec.value("steps").is_none() {
        spec.problem("steps", "is missing");
    }
    let mut steps: Vec<Step> = Vec::new();
    for (at, step) in spec.objects("steps").into_iter().enumerate() {
        let id = step.value("id").and_then(Value::as_str);
        let part = id.map_or_else(|| format!("step {}", at + 1), |id| format!("step \"{id}\""));
        let step = read(&step.named(part), at, &steps);
        steps.push(step);
    }
    steps
}

fn read(step: &Reader<'_>, at: usize, earlier: &[Step]) -> Step {
    if step.value("action").is_none() && step.fields().next().is_some() {
        step.problem("action", &missing_action(step));
    }
    let action = step.text("action").unwrap_or_default();
    let id = step
        .text("id")
        .unwrap_or_else(|| format!("step-{}", at + 1));
    if let Some(other) = earlier.iter().position(|it| it.id == id) {
        let message = format!(
            "\"{id}\" is also the id of step {}; each needs its own",
            other + 1
        );
        step.problem("id", &message);
    }
    Step {
        name: step.text("name").unwrap_or_else(|| action.clone()),
        id,
        action,
        input: step.map("input"),
        condition: condition(step),
        each: step.value("each").cloned(),
        approval: approval(step),
        permission_tags: permission_tags(step),
    }
}

fn missing_action(step: &Reader<'_>) -> String {
    let near = step
        .fields()
        .find(|field| strsim::osa_distance(field, "action") <= 2);
    match near {
        Some(field) => format!("is missing; did you mean it with \"{field}\"?"),
        None => "is missing".to_owned(),
    }
}

/// `if`
pub(super) fn condition(of: &Reader<'_>) -> Option<Condition> {
    match of.value("if")? {
        Value::Bool(fixed) => Some(Condition::Fixed(*fixed)),
        _ => of.text("if").map(Condition::Expression),
    }
}

/// `backstage:permissions.tags`
pub(super) fn permission_tags(of: &Reader<'_>) -> Vec<String> {
    let permissions = of.object("backstage:permissions");
    permissions.map_or_else(Vec::new, |it| it.texts("tags"))
}
