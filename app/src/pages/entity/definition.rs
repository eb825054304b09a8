//! The text of an API.

use leptos::prelude::*;

use crate::components::CodeBlock;
use crate::data::entity::{DefinitionView, EntityView, entity_definition};
use crate::pages::load::loaded;

/// The Definition tab.
pub(super) fn definition(data: &EntityView) -> impl IntoView + use<> {
    let label = match data.summary.spec_type.as_deref() {
        Some("openapi") => "OpenAPI",
        Some("asyncapi") => "AsyncAPI",
        Some("graphql") => "GraphQL schema",
        Some("grpc") => "Protocol buffers",
        _ => "Definition",
    };
    let entity_ref = data.summary.entity_ref.clone();
    let data = Resource::new_blocking(move || entity_ref.clone(), entity_definition);
    loaded(data, move |view: DefinitionView| match view.html {
        Some(html) => view! { <CodeBlock label text=view.text html/> }.into_any(),
        None => view! { <CodeBlock label text=view.text/> }.into_any(),
    })
}
