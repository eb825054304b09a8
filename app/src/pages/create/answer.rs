//! One answer of a form, as people read it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portico_model::form::{Field, entities, shown};
use serde_json::Value;

use crate::data::find::entity_labels;

/// What is shown for a value of a field. The titles of entities come when they are known.
pub(super) fn answer(schema: Option<&Value>, value: &Value) -> RwSignal<String> {
    let field = schema.map(Field::read);
    let text = RwSignal::new(shown(field.as_ref(), value));
    let refs = field.map(|field| entities(&field, value));
    if let Some(refs) = refs.filter(|refs| !refs.is_empty()) {
        Effect::new(move || {
            let refs = refs.clone();
            spawn_local(async move {
                let labels = entity_labels(refs).await.unwrap_or_default();
                let titles: Vec<String> = labels.into_iter().map(|it| it.title).collect();
                if !titles.is_empty() {
                    text.try_set(titles.join(", "));
                }
            });
        });
    }
    text
}
