//! The change requests of a repository.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Author;
use crate::data::{Json, UiError};

/// How many change requests a page lists.
pub const CHANGE_REQUESTS_PAGE: usize = 50;

/// A change request in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRequestRow {
    /// Number in its repository.
    pub number: i64,
    /// Where people see it: a URL, or a path on this portal.
    pub url: String,
    /// One line.
    pub title: String,
    /// `open`, `merged` or `closed`.
    pub state: String,
    /// Who proposed it.
    pub author: Author,
    /// The branch it is on.
    pub branch: String,
    /// When it was proposed, in milliseconds since the epoch.
    pub created_at: i64,
}

/// A list of change requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRequestsView {
    /// One page of them, newest first.
    pub rows: Vec<ChangeRequestRow>,
    /// How many there are in all.
    pub total: u64,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// One page of the change requests that are `open`, `merged` or `closed`.
#[server(prefix = "/_ui", endpoint = "change-requests", input = Json, output = Json)]
pub async fn load_change_requests(
    name: String,
    state: String,
    page: u32,
) -> Result<ChangeRequestsView, UiError> {
    let context = crate::data::server_context()?;
    server::list(&context, &name, &state, page).await
}

#[cfg(feature = "ssr")]
pub(super) mod server {
    use portico_scm::{ChangeRequest, ChangeRequestState};

    use super::{CHANGE_REQUESTS_PAGE, ChangeRequestRow, ChangeRequestsView};
    use crate::{
        ServerContext,
        data::{
            UiError, now_millis,
            repositories::server::{author, url},
        },
    };

    pub(super) async fn list(
        context: &ServerContext,
        name: &str,
        state: &str,
        page: u32,
    ) -> Result<ChangeRequestsView, UiError> {
        let state = ChangeRequestState::parse(state).ok_or_else(|| {
            UiError::invalid(format!(
                "No change request is \"{state}\": say open, merged or closed"
            ))
        })?;
        let (found, total) = context
            .scm()?
            .change_requests(
                &context.principal,
                &url(name),
                Some(state),
                page as usize * CHANGE_REQUESTS_PAGE,
                CHANGE_REQUESTS_PAGE,
            )
            .await?;
        Ok(ChangeRequestsView {
            rows: found.into_iter().map(|it| row(context, it)).collect(),
            total,
            now: now_millis(),
        })
    }

    pub(in crate::data::repositories) fn row(
        context: &ServerContext,
        it: ChangeRequest,
    ) -> ChangeRequestRow {
        ChangeRequestRow {
            number: it.number,
            url: it.url,
            title: it.title,
            state: it.state.as_str().to_owned(),
            author: author(context, it.author),
            branch: it.branch,
            created_at: it.created_at,
        }
    }
}
