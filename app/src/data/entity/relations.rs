//! What an entity is related to.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{EntityLabel, Json, UiError};

/// How many related entities a group shows before "more".
pub const RELATION_PAGE: usize = 20;

/// Related entities of one relation type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationGroupView {
    /// `ownedBy`, `dependsOn`, …
    pub relation: String,
    /// How many in all.
    pub total: usize,
    /// The first ones, by reference.
    pub items: Vec<EntityLabel>,
}

/// More related entities of one type.
#[server(prefix = "/_ui", endpoint = "relations", input = Json, output = Json)]
pub async fn relation_page(
    entity_ref: String,
    relation: String,
    page: u32,
) -> Result<RelationGroupView, UiError> {
    server::relations(
        &crate::data::server_context()?,
        &entity_ref,
        &relation,
        page as usize,
    )
}

#[cfg(feature = "ssr")]
pub(super) mod server {
    use portico_model::RelationType;

    use super::{RELATION_PAGE, RelationGroupView};
    use crate::{
        ServerContext,
        data::{EntityLabel, UiError, entity::parse},
    };

    pub(super) fn relations(
        context: &ServerContext,
        text: &str,
        relation: &str,
        page: usize,
    ) -> Result<RelationGroupView, UiError> {
        let kind = RelationType::from_name(relation)
            .ok_or_else(|| UiError::invalid(format!("{relation} is not a relation type")))?;
        let offset = page.saturating_mul(RELATION_PAGE);
        let found = context.catalog.relation_page(
            &context.principal,
            &parse(text)?,
            kind,
            offset,
            RELATION_PAGE,
        )?;
        Ok(group(found))
    }

    pub(in crate::data::entity) fn group(
        group: portico_catalog::RelationGroup,
    ) -> RelationGroupView {
        RelationGroupView {
            relation: group.kind.as_str().to_owned(),
            total: group.total,
            items: group
                .items
                .iter()
                .map(|item| match &item.label {
                    Some(label) => EntityLabel::from(label),
                    None => EntityLabel::missing(&item.entity_ref),
                })
                .collect(),
        }
    }
}
