//! The text of an API.

use leptos::prelude::*;

use crate::components::CodeBlock;
use crate::data::entity::EntityView;

/// The Definition tab.
pub(super) fn definition(data: EntityView) -> impl IntoView {
    let label = match data.summary.spec_type.as_deref() {
        Some("openapi") => "OpenAPI",
        Some("asyncapi") => "AsyncAPI",
        Some("graphql") => "GraphQL schema",
        Some("grpc") => "Protocol buffers",
        _ => "Definition",
    };
    view! { <CodeBlock label text=data.definition.unwrap_or_default()/> }
}
