//! Entities a person starred.

use leptos::prelude::*;

use super::{Json, UiError};

/// Stars an entity, or takes the star away.
#[server(prefix = "/_ui", endpoint = "star", input = Json, output = Json)]
pub async fn set_star(entity_ref: String, starred: bool) -> Result<(), UiError> {
    let context = super::server_context()?;
    let value = starred.then_some(serde_json::Value::Bool(true));
    context
        .catalog
        .put_setting(&context.principal, "starred", &entity_ref, value)
        .await?;
    Ok(())
}

/// The refs the person starred; none of somebody who may star nothing.
#[cfg(feature = "ssr")]
pub(crate) async fn starred_refs(
    context: &crate::ServerContext,
) -> Result<std::collections::HashSet<String>, UiError> {
    use portico_access::{Action, Resource};

    let (catalog, who) = (&context.catalog, &context.principal);
    let authorizer = catalog.authorizer();
    if !authorizer.allows(who, Action::OwnSettings, &Resource::Any) {
        return Ok(std::collections::HashSet::new());
    }
    let settings = catalog.settings(who, "starred").await?;
    Ok(settings
        .into_iter()
        .map(|(entity_ref, _)| entity_ref)
        .collect())
}
