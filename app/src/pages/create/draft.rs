//! What was entered into a form so far, kept in this browser until the task is started.

use serde_json::Value;

use crate::platform;

/// Where the draft of a template's form is kept.
fn key(template_ref: &str) -> String {
    format!("portico.draft.{template_ref}")
}

/// The draft, when there is one.
pub(super) fn restore(template_ref: &str) -> Option<Value> {
    let text = platform::stored(&key(template_ref))?;
    let value: Value = serde_json::from_str(&text).ok()?;
    value
        .as_object()
        .is_some_and(|it| !it.is_empty())
        .then_some(value)
}

/// Keeps the draft.
pub(super) fn keep(template_ref: &str, value: &Value) {
    platform::store(&key(template_ref), &value.to_string());
}

/// Forgets it.
pub(super) fn forget(template_ref: &str) {
    platform::store(&key(template_ref), "");
}
