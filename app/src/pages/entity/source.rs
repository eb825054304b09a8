//! Where the entity comes from: its text, its file, what brought it in.

use leptos::prelude::*;

use crate::components::{Card, CodeBlock, EntityLink};
use crate::data::entity::{AncestorView, SourceView, entity_source};
use crate::pages::load::loaded;

/// The Source tab.
pub(super) fn source(entity_ref: &str) -> impl IntoView + use<> {
    let entity_ref = entity_ref.to_owned();
    let data = Resource::new_blocking(move || entity_ref.clone(), entity_source);
    loaded(data, |view: SourceView| {
        let label = format!("{}:{}", view.source, view.line);
        let ancestry = view
            .ancestry
            .into_iter()
            .skip(1)
            .map(ancestor)
            .collect_view();
        view! {
            <div class="entity-columns source-columns">
                <CodeBlock label text=view.text html=view.html/>
                <div class="stack">
                    <Card title="How it got here">
                        <ol class="ancestry">
                            <li class="mono break">{view.source}</li>
                            {ancestry}
                        </ol>
                    </Card>
                </div>
            </div>
        }
        .into_any()
    })
}

fn ancestor(step: AncestorView) -> impl IntoView {
    view! {
        <li>
            <EntityLink entity_ref=step.entity.reference() title=step.entity.title.clone()/>
            {step.target.map(|target| view! { <p class="mono break place">{target}</p> })}
        </li>
    }
}
