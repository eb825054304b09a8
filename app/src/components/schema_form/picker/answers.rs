//! What a form was told so far, for fields that depend on others.

use leptos::prelude::*;
use serde_json::Value;

use super::super::FormState;

/// The answers to all pages of a form, by field. Provided by pages that show several.
#[derive(Clone, Copy, Debug)]
pub struct Answers(pub Signal<Value>);

/// The answers to the form that a field is in.
pub(super) fn answers(form: FormState) -> Signal<Value> {
    let all = use_context::<Answers>().map(|it| it.0);
    all.unwrap_or_else(|| Signal::derive(move || form.value()))
}
