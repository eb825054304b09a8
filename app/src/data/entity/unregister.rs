//! Taking an entity out of the catalog.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Json, UiError};

/// How many affected refs an unregister dialog lists.
#[cfg(feature = "ssr")]
const AFFECTED: usize = 20;

/// What unregistering would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnregisterView {
    /// The registered location that would go; none when it is the entity alone.
    pub location: Option<String>,
    /// Refs that would go with it, the first of them.
    pub affected: Vec<String>,
    /// How many would go in all.
    pub affected_total: usize,
    /// Whether the entity itself stays, for another location brings it too.
    pub stays: bool,
}

/// What unregistering the entity would remove.
#[server(prefix = "/_ui", endpoint = "unregister-preview", input = Json, output = Json)]
pub async fn unregister_preview(entity_ref: String) -> Result<UnregisterView, UiError> {
    let context = crate::data::server_context()?;
    let entity_ref = super::parse(&entity_ref)?;
    let removal = context.catalog.removal_of(&context.principal, &entity_ref);
    let removal = removal.await?;
    Ok(UnregisterView {
        location: removal.location.map(|it| it.key.to_string()),
        affected_total: removal.affected.len(),
        stays: !removal.affected.contains(&entity_ref.to_string()),
        affected: removal.affected.into_iter().take(AFFECTED).collect(),
    })
}

/// Unregisters the entity, as the preview says.
#[server(prefix = "/_ui", endpoint = "unregister", input = Json, output = Json)]
pub async fn unregister(entity_ref: String) -> Result<(), UiError> {
    let context = crate::data::server_context()?;
    let entity_ref = super::parse(&entity_ref)?;
    let removed = context.catalog.remove(&context.principal, &entity_ref);
    removed.await?;
    Ok(())
}
