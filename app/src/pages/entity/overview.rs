//! The overview: how it fits on the left, how it is on the right.

use leptos::prelude::*;

use super::{about, relations};
use crate::data::entity::EntityView;
use crate::pages::{repositories::repository_card, tasks::history_card};

/// The Overview tab.
pub(super) fn overview(data: EntityView) -> impl IntoView {
    view! {
        <div class="entity-columns">
            <div class="relation-grid">{relations::groups(&data, true)}</div>
            <div class="stack">
                {about::about(&data)}
                {data.repository.clone().map(repository_card)}
                {history_card(&data.summary.entity_ref, data.history.clone())}
                {about::links(&data.links)}
                {about::annotations(&data)}
            </div>
        </div>
    }
}
