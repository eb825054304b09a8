//! One change request: what it is about, what it changes, and how it ends.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Author, CommitView};
use crate::data::{EntityLabel, Json, UiError};

/// What changes in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDiffView {
    /// The path to show.
    pub path: String,
    /// The path before, when it was another.
    pub old_path: Option<String>,
    /// `added`, `modified`, `removed` or `renamed`.
    pub change: String,
    /// The content is not text.
    pub binary: bool,
    /// Lines that come, in all.
    pub additions: u64,
    /// Lines that go, in all.
    pub deletions: u64,
    /// Not all of its lines are there.
    pub truncated: bool,
    /// The lines, as rows of a table; none while they have not been asked for.
    pub rows: Option<String>,
}

/// A change request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRequestView {
    /// The repository's name.
    pub repository: String,
    /// Number in it.
    pub number: i64,
    /// One line.
    pub title: String,
    /// What it is about, as HTML.
    pub body: String,
    /// `open`, `merged` or `closed`.
    pub state: String,
    /// Who proposed it.
    pub author: Author,
    /// What made it for the author.
    pub via: Option<String>,
    /// The branch it is for.
    pub base: String,
    /// The branch it is on.
    pub branch: String,
    /// When it was proposed, in milliseconds since the epoch.
    pub created_at: i64,
    /// Who merged or closed it, and when.
    pub settled: Option<(Author, i64)>,
    /// The commit that brought it into its base branch.
    pub merge_commit: Option<String>,
    /// The commits of its branch, oldest first.
    pub commits: Vec<CommitView>,
    /// What they change.
    pub files: Vec<FileDiffView>,
    /// There are more files than are listed.
    pub truncated: bool,
    /// The files that cannot be merged.
    pub conflicts: Vec<String>,
    /// Whether the person may merge or close it.
    pub may_settle: bool,
    /// Who may, beside administrators.
    pub owners: Vec<EntityLabel>,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// One change request. Files with very many lines come without, but for the one at `show`.
#[server(prefix = "/_ui", endpoint = "change-request", input = Json, output = Json)]
pub async fn load_change_request(
    name: String,
    number: i64,
    show: Option<String>,
) -> Result<ChangeRequestView, UiError> {
    let context = crate::data::server_context()?;
    server::view(&context, &name, number, show.as_deref()).await
}

/// The lines of one file of a change request, as rows of a table.
#[server(prefix = "/_ui", endpoint = "file-diff", input = Json, output = Json)]
pub async fn file_diff(name: String, number: i64, path: String) -> Result<String, UiError> {
    let context = crate::data::server_context()?;
    server::rows_of(&context, &name, number, &path).await
}

/// Merges a change request, or closes it.
#[server(prefix = "/_ui", endpoint = "settle-change-request", input = Json, output = Json)]
pub async fn settle_change_request(name: String, number: i64, merge: bool) -> Result<(), UiError> {
    let context = crate::data::server_context()?;
    let (scm, who, url) = (
        context.scm()?,
        &context.principal,
        super::server::url(&name),
    );
    match merge {
        true => scm.merge(who, &url, number).await?,
        false => scm.close(who, &url, number).await?,
    };
    Ok(())
}

#[cfg(feature = "ssr")]
mod server {
    use portico_scm::{ChangeRequestDetail, Mergeability};

    use super::ChangeRequestView;
    use crate::{
        ServerContext,
        data::{
            EntityLabel, UiError, UiErrorKind, markdown, now_millis,
            repositories::{
                diff,
                server::{author, commit, short_id, url},
            },
        },
    };

    pub(super) async fn view(
        context: &ServerContext,
        name: &str,
        number: i64,
        show: Option<&str>,
    ) -> Result<ChangeRequestView, UiError> {
        let (scm, who, url) = (context.scm()?, &context.principal, url(name));
        let detail = scm.change_request(who, &url, number).await?;
        let may_settle = scm.may_merge(who, &url).await?;
        let owners = scm.owners(who, &url).await?;
        let ChangeRequestDetail {
            change_request: it,
            commits,
            diff,
            mergeability,
        } = detail;
        let settled_by = it.settled_by.map(|by| author(context, by));
        Ok(ChangeRequestView {
            repository: name.to_owned(),
            number,
            title: it.title,
            body: markdown::to_html(&it.body),
            state: it.state.as_str().to_owned(),
            author: author(context, it.author),
            via: it.via,
            base: it.base,
            branch: it.branch,
            created_at: it.created_at,
            settled: settled_by.zip(it.settled_at),
            merge_commit: it.merge_commit.as_deref().map(short_id),
            commits: commits.into_iter().map(|it| commit(context, it)).collect(),
            truncated: diff.truncated,
            files: diff::files(&diff, show),
            conflicts: match mergeability {
                Some(Mergeability::Conflicts(files)) => files,
                Some(Mergeability::Clean) | None => Vec::new(),
            },
            may_settle,
            owners: owners
                .iter()
                .map(|owner| EntityLabel::of(&context.catalog, who, owner))
                .collect(),
            now: now_millis(),
        })
    }

    pub(super) async fn rows_of(
        context: &ServerContext,
        name: &str,
        number: i64,
        path: &str,
    ) -> Result<String, UiError> {
        let scm = context.scm()?;
        let detail = scm
            .change_request(&context.principal, &url(name), number)
            .await?;
        let file = detail.diff.files.iter().find(|file| file.path() == path);
        file.map(diff::rows).ok_or_else(|| UiError {
            kind: UiErrorKind::NotFound,
            message: format!("This change request does not change {path}"),
        })
    }
}
