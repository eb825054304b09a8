//! Finding entities for a field of a form.

use leptos::prelude::*;
use serde_json::Value;

use super::{EntityLabel, Json, UiError};

/// How many are offered.
pub const OFFERED: usize = 12;

/// Entities whose name or title contains `term`, of those that match one of `filters`, a
/// `catalogFilter` as in templates. `mine`: only what the person owns or belongs to.
#[server(prefix = "/_ui", endpoint = "find-entities", input = Json, output = Json)]
pub async fn find_entities(
    term: String,
    filters: Vec<Value>,
    mine: bool,
) -> Result<Vec<EntityLabel>, UiError> {
    server::find(&super::server_context()?, term, &filters, mine)
}

/// What entities of these references are called.
#[server(prefix = "/_ui", endpoint = "entity-labels", input = Json, output = Json)]
pub async fn entity_labels(refs: Vec<String>) -> Result<Vec<EntityLabel>, UiError> {
    let context = super::server_context()?;
    let label = |it: &String| EntityLabel::of(&context.catalog, &context.principal, it);
    Ok(refs.iter().take(OFFERED * 10).map(label).collect())
}

#[cfg(feature = "ssr")]
mod server {
    use portico_catalog::{Direction, EntityQuery, FullText};
    use portico_model::Predicate;
    use portico_tasks::{entity_filter, mine_of};
    use serde_json::Value;

    use super::OFFERED;
    use crate::{
        ServerContext,
        data::{EntityLabel, UiError},
    };

    pub(super) fn find(
        context: &ServerContext,
        term: String,
        filters: &[Value],
        mine: bool,
    ) -> Result<Vec<EntityLabel>, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let mut all: Vec<Predicate> = Vec::new();
        if !filters.is_empty() {
            all.push(Predicate::any(filters.iter().map(entity_filter).collect()));
        }
        if mine {
            all.push(mine_of(who));
        }
        let fields = [
            "metadata.name",
            "metadata.title",
            "spec.profile.displayname",
        ];
        let found = catalog.labels(
            who,
            &EntityQuery {
                predicate: Predicate::all(all),
                full_text: Some(FullText {
                    term,
                    fields: fields.map(str::to_owned).to_vec(),
                }),
                order: vec![("metadata.name".to_owned(), Direction::Asc)],
                limit: OFFERED,
                ..EntityQuery::default()
            },
        )?;
        Ok(found.items.iter().map(EntityLabel::from).collect())
    }
}
