//! Where an entity comes from: the text it was read from and what it descends from.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{EntityLabel, Json, UiError};

/// The raw text an entity was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    /// The file, as `type:target`.
    pub source: String,
    /// First line of the document in the file.
    pub line: i32,
    /// When it was last read with success, in milliseconds since the epoch.
    pub read_at: Option<i64>,
    /// The document as text.
    pub text: String,
    /// The document as highlighted HTML, one fragment a line.
    pub html: Vec<String>,
    /// The entity and everything it descends from, nearest first: ref and parents.
    pub ancestry: Vec<AncestorView>,
}

/// A step of the ancestry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AncestorView {
    /// The entity.
    pub entity: EntityLabel,
    /// Its parents' refs.
    pub parents: Vec<String>,
    /// `type:target` it stands for, when it is a Location.
    pub target: Option<String>,
}

/// The source tab's data.
#[server(prefix = "/_ui", endpoint = "source", input = Json, output = Json)]
pub async fn entity_source(entity_ref: String) -> Result<SourceView, UiError> {
    server::source(&crate::data::server_context()?, &entity_ref).await
}

/// Reads the entity's source again.
#[server(prefix = "/_ui", endpoint = "refresh", input = Json, output = Json)]
pub async fn refresh_entity(entity_ref: String) -> Result<(), UiError> {
    let context = crate::data::server_context()?;
    let entity_ref = super::parse(&entity_ref)?;
    Ok(context
        .catalog
        .refresh_entity(&context.principal, &entity_ref)
        .await?)
}

#[cfg(feature = "ssr")]
mod server {
    use portico_model::Entity;

    use super::{AncestorView, SourceView};
    use crate::{
        ServerContext,
        data::{EntityLabel, UiError, entity::parse, highlight},
    };

    pub(super) async fn source(context: &ServerContext, text: &str) -> Result<SourceView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let entity_ref = parse(text)?;
        let found = catalog.entity_source(who, &entity_ref).await?;
        let text = found.text.unwrap_or_default();
        let mut ancestry = Vec::new();
        for step in catalog.ancestry(who, &entity_ref).await? {
            let Ok(entity) = serde_json::from_slice::<Entity>(&step.entity) else {
                continue;
            };
            let name = entity.entity_ref().to_string();
            let target = (entity.kind() == "Location")
                .then(|| entity.spec_text("target").map(str::to_owned))
                .flatten();
            ancestry.push(AncestorView {
                entity: EntityLabel::of(catalog, who, &name),
                parents: step.parents,
                target,
            });
        }
        Ok(SourceView {
            source: found.origin.key.to_string(),
            line: found.origin.line,
            read_at: found.origin.read_at,
            html: highlight::yaml(&text),
            text,
            ancestry,
        })
    }
}
