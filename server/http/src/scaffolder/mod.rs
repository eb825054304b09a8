//! `/api/scaffolder`: templates, and the tasks that run them, as clients of Backstage know them.

mod actions;
mod approvals;
mod autocomplete;
mod cancel;
mod create;
mod decide;
mod dry_run;
mod events;
mod eventstream;
mod list;
mod parameter_schema;
mod retry;
mod schemas;
mod task;
mod templating_extensions;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

/// A dry run brings the files beside a template along, in base64: 10 MB of them.
const DRY_RUN_LIMIT: usize = 14 << 20;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    let dry_run = OpenApiRouter::new()
        .routes(routes!(dry_run::dry_run))
        .layer(DefaultBodyLimit::max(DRY_RUN_LIMIT));
    OpenApiRouter::new()
        .routes(routes!(parameter_schema::parameter_schema))
        .routes(routes!(actions::actions))
        .routes(routes!(templating_extensions::templating_extensions))
        .routes(routes!(autocomplete::autocomplete))
        .routes(routes!(list::tasks, create::create_task))
        .routes(routes!(task::task))
        .routes(routes!(cancel::cancel_task))
        .routes(routes!(retry::retry_task))
        .routes(routes!(approvals::approvals))
        .routes(routes!(decide::decide_task))
        .routes(routes!(events::task_events))
        .routes(routes!(eventstream::task_eventstream))
        .merge(dry_run)
}
