//! `/api/catalog/entities`.

mod ancestry;
mod by_name;
mod by_query;
mod by_refs;
mod by_uid;
mod list;
mod unprocessed;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_entities))
        .routes(routes!(
            by_query::get_entities_by_query,
            by_query::post_entities_by_query
        ))
        .routes(routes!(by_refs::entities_by_refs))
        .routes(routes!(by_uid::entity_by_uid, by_uid::delete_entity_by_uid))
        .routes(routes!(by_name::entity_by_name))
        .routes(routes!(ancestry::entity_ancestry))
        .routes(routes!(unprocessed::failed_entities))
        .routes(routes!(unprocessed::pending_entities))
        .routes(routes!(unprocessed::delete_unprocessed_entity))
}
