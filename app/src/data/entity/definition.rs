//! The text of an API, which only its own tab needs.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Json, UiError};

/// The definition tab's data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionView {
    /// `spec.definition`.
    pub text: String,
    /// The text as highlighted HTML, one fragment a line, where its language is known.
    pub html: Option<Vec<String>>,
}

/// The definition of an API.
#[server(prefix = "/_ui", endpoint = "definition", input = Json, output = Json)]
pub async fn entity_definition(entity_ref: String) -> Result<DefinitionView, UiError> {
    server::definition(&crate::data::server_context()?, &entity_ref).await
}

#[cfg(feature = "ssr")]
mod server {
    use portico_model::Entity;

    use super::DefinitionView;
    use crate::{
        ServerContext,
        data::{UiError, entity::parse, highlight},
    };

    pub(super) async fn definition(
        context: &ServerContext,
        text: &str,
    ) -> Result<DefinitionView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let detail = catalog.entity_detail(who, &parse(text)?).await?;
        let entity: Entity = serde_json::from_slice(&detail.body)
            .map_err(|error| UiError::internal(error.to_string()))?;
        let text = entity.spec_text("definition").unwrap_or_default();
        let is_yaml = matches!(entity.spec_text("type"), Some("openapi" | "asyncapi"))
            && !text.trim_start().starts_with('{');
        Ok(DefinitionView {
            html: is_yaml.then(|| highlight::yaml(text)),
            text: text.to_owned(),
        })
    }
}
