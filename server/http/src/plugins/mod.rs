//! `/api/plugins`: handing in, reviewing, running and watching plugins.

mod calls;
mod changes;
mod connections;
mod list;
mod publisher_keys;
mod submissions;
mod versions;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_plugins))
        .routes(routes!(list::plugin_by_id))
        .merge(submissions::routes())
        .routes(routes!(versions::approve))
        .routes(routes!(versions::reject))
        .routes(routes!(versions::revoke))
        .routes(routes!(versions::activate))
        .routes(routes!(versions::comment))
        .routes(routes!(changes::change_plugin))
        .routes(routes!(calls::call_plugin))
        .routes(routes!(connections::list_connections))
        .routes(routes!(
            connections::put_connection,
            connections::delete_connection
        ))
        .routes(routes!(
            publisher_keys::list_publisher_keys,
            publisher_keys::put_publisher_key
        ))
}
