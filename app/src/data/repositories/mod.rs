//! The repositories that Portico keeps itself, their files and their change requests.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{EntityLabel, Json, UiError};

mod change_request;
mod change_requests;
#[cfg(feature = "ssr")]
mod diff;
mod files;
mod of_entity;

pub use change_request::{
    ChangeRequestView, FileDiffView, file_diff, load_change_request, settle_change_request,
};
pub use change_requests::{
    CHANGE_REQUESTS_PAGE, ChangeRequestRow, ChangeRequestsView, load_change_requests,
};
pub use files::{EntryView, FileView, FilesView, load_files};
#[cfg(feature = "ssr")]
pub(crate) use of_entity::of_entity;
pub use of_entity::{EntityRepositoryView, OpenChangesView, load_open_changes};

/// How many repositories a page lists.
pub const REPOSITORIES_PAGE: usize = 50;

/// Whoever did something: a person of the catalog, or a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// What to call them.
    pub name: String,
    /// Their page in the catalog, if they have one.
    pub entity: Option<EntityLabel>,
}

/// A commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitView {
    /// Its id, as far as people read it.
    pub short_id: String,
    /// The first line of its message.
    pub title: String,
    /// Who made it.
    pub author: Author,
    /// When, in milliseconds since the epoch.
    pub at: i64,
}

/// A repository in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryRow {
    /// Its name.
    pub name: String,
    /// The branch that changes are for.
    pub default_branch: String,
    /// The newest commit of that branch.
    pub last_commit: Option<CommitView>,
    /// How many change requests are open.
    pub open: u64,
}

/// The list of repositories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoriesView {
    /// One page of them, by name.
    pub rows: Vec<RepositoryRow>,
    /// How many there are in all.
    pub total: u64,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// A branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchView {
    /// Its name.
    pub name: String,
    /// Its newest commit.
    pub tip: CommitView,
}

/// What the page of a repository shows on every tab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryView {
    /// Its name.
    pub name: String,
    /// What entities and plugins call it.
    pub url: String,
    /// Where git clones it from.
    pub clone_url: String,
    /// The branch that changes are for.
    pub default_branch: String,
    /// Its branches: the default branch, then by name.
    pub branches: Vec<BranchView>,
    /// Who merges changes to it, beside administrators.
    pub owners: Vec<EntityLabel>,
    /// How many change requests are open.
    pub open: u64,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// One page of the repositories.
#[server(prefix = "/_ui", endpoint = "repositories", input = Json, output = Json)]
pub async fn load_repositories(page: u32) -> Result<RepositoriesView, UiError> {
    server::repositories(&super::server_context()?, page).await
}

/// One repository.
#[server(prefix = "/_ui", endpoint = "repository", input = Json, output = Json)]
pub async fn load_repository(name: String) -> Result<RepositoryView, UiError> {
    server::repository(&super::server_context()?, &name).await
}

#[cfg(feature = "ssr")]
mod server {
    use portico_scm::{ChangeRequestState, Commit};

    use super::{
        Author, BranchView, CommitView, REPOSITORIES_PAGE, RepositoriesView, RepositoryRow,
        RepositoryView,
    };
    use crate::{
        ServerContext,
        data::{EntityLabel, UiError, now_millis},
    };

    /// Characters of a commit's id that tell it apart from others.
    const SHORT_ID: usize = 8;

    /// What services call the repository that a page names.
    pub(super) fn url(name: &str) -> String {
        format!("local:{name}")
    }

    pub(super) async fn repositories(
        context: &ServerContext,
        page: u32,
    ) -> Result<RepositoriesView, UiError> {
        let offset = page as usize * REPOSITORIES_PAGE;
        let (rows, total) = context
            .scm()?
            .overviews(&context.principal, offset, REPOSITORIES_PAGE)
            .await?;
        let rows = rows.into_iter().map(|it| RepositoryRow {
            name: it.repository.name,
            default_branch: it.repository.default_branch,
            last_commit: it.last_commit.map(|it| commit(context, it)),
            open: it.open_change_requests,
        });
        Ok(RepositoriesView {
            rows: rows.collect(),
            total,
            now: now_millis(),
        })
    }

    pub(super) async fn repository(
        context: &ServerContext,
        name: &str,
    ) -> Result<RepositoryView, UiError> {
        let (scm, who, url) = (context.scm()?, &context.principal, url(name));
        let repository = scm.repository(who, &url).await?;
        let open = Some(ChangeRequestState::Open);
        let (_, open) = scm.change_requests(who, &url, open, 0, 0).await?;
        let owners = scm.owners(who, &url).await?;
        let owners = owners
            .iter()
            .map(|owner| EntityLabel::of(&context.catalog, who, owner));
        let mut branches: Vec<BranchView> = scm
            .branches(who, &url)
            .await?
            .into_iter()
            .map(|branch| BranchView {
                name: branch.name,
                tip: commit(context, branch.tip),
            })
            .collect();
        branches.sort_by_key(|branch| branch.name != repository.default_branch);
        Ok(RepositoryView {
            clone_url: clone_url(context, &repository.name),
            name: repository.name,
            url: repository.url,
            default_branch: repository.default_branch,
            branches,
            owners: owners.collect(),
            open,
            now: now_millis(),
        })
    }

    fn clone_url(context: &ServerContext, name: &str) -> String {
        let api = context.catalog.config().api_url();
        format!("{api}/api/git/{name}.git")
    }

    pub(super) fn commit(context: &ServerContext, commit: Commit) -> CommitView {
        CommitView {
            short_id: short_id(&commit.id),
            title: commit.title,
            author: author(context, commit.author),
            at: commit.at,
        }
    }

    pub(super) fn short_id(id: &str) -> String {
        id.chars().take(SHORT_ID).collect()
    }

    /// Whoever an audit event or a commit names.
    pub(super) fn author(context: &ServerContext, name: String) -> Author {
        if !name.starts_with("user:") {
            return Author { name, entity: None };
        }
        let label = EntityLabel::of(&context.catalog, &context.principal, &name);
        Author {
            name: label.title.clone(),
            entity: label.exists.then_some(label),
        }
    }
}
