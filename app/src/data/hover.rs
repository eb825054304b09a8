//! One entity in short, for the hover card.

use leptos::prelude::*;

use super::{EntitySummary, Json, UiError};

/// The entity in short; `None` when there is no such entity.
#[server(prefix = "/_ui", endpoint = "entity-summary", input = Json, output = Json)]
pub async fn load_summary(entity_ref: String) -> Result<Option<EntitySummary>, UiError> {
    let context = super::server_context()?;
    let (catalog, who) = (&context.catalog, &context.principal);
    let found = catalog.labels_of(who, std::slice::from_ref(&entity_ref))?;
    let summary = |label| EntitySummary::of(catalog, who, label, false);
    Ok(found.get(&entity_ref).map(summary))
}
