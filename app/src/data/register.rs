//! Registering a location: preview first, then do it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, ProblemView, UiError};

/// An entity a location would bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewEntity {
    /// Full reference.
    pub entity_ref: String,
    /// What to call it.
    pub title: String,
    /// The file, as `type:target`.
    pub source: String,
    /// Line in the file, from 1.
    pub line: i32,
    /// Whether the catalog has an entity of that name already.
    pub exists: bool,
}

/// What registering would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewView {
    /// The location as understood, `type:target`.
    pub location: String,
    /// Whether it is registered already.
    pub exists: bool,
    /// The entities that would appear.
    pub entities: Vec<PreviewEntity>,
    /// Everything wrong in its files.
    pub problems: Vec<ProblemView>,
    /// More files follow that the preview did not read.
    pub truncated: bool,
}

/// Reads a location and says what registering it would bring.
#[server(prefix = "/_ui", endpoint = "register-preview", input = Json, output = Json)]
pub async fn preview_location(target: String) -> Result<PreviewView, UiError> {
    server::preview(&super::server_context()?, &target).await
}

/// Registers a location. Answers with its label.
#[server(prefix = "/_ui", endpoint = "register", input = Json, output = Json)]
pub async fn register_location(target: String) -> Result<String, UiError> {
    let context = super::server_context()?;
    let key = server::key(&target)?;
    let done = context
        .catalog
        .register_location(
            &context.principal,
            &key,
            portico_catalog::OnConflict::Refresh,
        )
        .await?;
    Ok(done.location.key.to_string())
}

#[cfg(feature = "ssr")]
mod server {
    use portico_catalog::{Location, SourceKey};
    use portico_model::Entity;

    use super::{PreviewEntity, PreviewView};
    use crate::{
        ServerContext,
        data::{ProblemView, UiError},
    };

    /// The location that a pasted text means: a URL, a git remote, or a path.
    pub(super) fn key(text: &str) -> Result<SourceKey, UiError> {
        let target = text.trim();
        if target.is_empty() {
            return Err(UiError::invalid(
                "paste the URL of a catalog-info.yaml file first",
            ));
        }
        let Location { kind, target } = Location::of(target);
        Ok(SourceKey { kind, target })
    }

    pub(super) async fn preview(
        context: &ServerContext,
        target: &str,
    ) -> Result<PreviewView, UiError> {
        let key = key(target)?;
        let preview = context
            .catalog
            .preview_location(&context.principal, &key)
            .await?;
        Ok(PreviewView {
            location: key.to_string(),
            exists: preview.exists,
            entities: preview
                .entities
                .into_iter()
                .map(|entity| PreviewEntity {
                    title: title(&entity.document).unwrap_or_else(|| entity.entity_ref.clone()),
                    entity_ref: entity.entity_ref,
                    source: entity.source,
                    line: entity.line,
                    exists: entity.exists,
                })
                .collect(),
            problems: preview
                .problems
                .iter()
                .map(|(source, problem)| ProblemView::of(source, problem))
                .collect(),
            truncated: preview.truncated,
        })
    }

    fn title(document: &str) -> Option<String> {
        let entity: Entity = serde_json::from_str(document).ok()?;
        Some(entity.title().unwrap_or(entity.name()).to_owned())
    }
}
