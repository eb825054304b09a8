//! `/api/policies`: the policies in force, their versions, and questions to them.

mod check;
mod explain;
mod in_force;
mod schema;
mod simulate;
mod versions;

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(in_force::policies, in_force::put_policies))
        .routes(routes!(check::check_policies))
        .routes(routes!(explain::explain))
        .routes(routes!(simulate::simulate))
        .routes(routes!(schema::policy_schema))
        .routes(routes!(versions::policy_versions))
        .routes(routes!(versions::policy_version))
}

/// Policies that are not in force.
#[derive(Deserialize, ToSchema)]
#[schema(as = PolicyDraft)]
struct Draft {
    /// The policies, in Cedar.
    #[schema(
        example = "@id(\"everyone-reads\")\npermit (principal is User, action == Action::\"catalog.entity.read\", resource);"
    )]
    text: String,
}
