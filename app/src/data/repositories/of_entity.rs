//! The repository that an entity lives in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ChangeRequestRow;
use crate::data::{Json, UiError};

/// A repository as the page of an entity shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityRepositoryView {
    /// What people call it.
    pub name: String,
    /// Its address, as the entity names it.
    pub url: String,
    /// What is open in it. Another host is asked once the page is there: it may take its time.
    pub changes: Option<OpenChangesView>,
}

/// The open change requests of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenChangesView {
    /// The newest.
    pub newest: Vec<ChangeRequestRow>,
    /// How many are open.
    pub open: u64,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// What is open in a repository, on whichever host.
#[server(prefix = "/_ui", endpoint = "open-changes", input = Json, output = Json)]
pub async fn load_open_changes(repository: String) -> Result<OpenChangesView, UiError> {
    server::open_changes(&crate::data::server_context()?, &repository).await
}

#[cfg(feature = "ssr")]
pub(crate) use server::of_entity;

#[cfg(feature = "ssr")]
mod server {
    use portico_access::{Action, Resource};
    use portico_model::Entity;
    use portico_scm::REPOSITORY_ANNOTATION;

    use super::{EntityRepositoryView, OpenChangesView};
    use crate::{
        ServerContext,
        data::{UiError, now_millis, repositories::change_requests::server::row},
    };

    /// The repository that an entity names, when the person may read it. The entity is what its
    /// page is about: nothing here makes the page fail.
    pub(crate) async fn of_entity(
        context: &ServerContext,
        entity: &Entity,
    ) -> Option<EntityRepositoryView> {
        let url = entity.annotation(REPOSITORY_ANNOTATION)?;
        let (name, changes) = if let Some(name) = url.strip_prefix("local:") {
            (name, Some(open_changes(context, url).await.ok()?))
        } else {
            let authorizer = context.catalog.authorizer();
            if !authorizer.allows(&context.principal, Action::ScmRead, &Resource::Any) {
                return None;
            }
            (url.strip_prefix("https://")?, None)
        };
        Some(EntityRepositoryView {
            name: name.to_owned(),
            url: url.to_owned(),
            changes,
        })
    }

    pub(super) async fn open_changes(
        context: &ServerContext,
        repository: &str,
    ) -> Result<OpenChangesView, UiError> {
        let found = context.scm()?.open_changes(&context.principal, repository);
        let found = found.await?;
        let newest = found.newest.iter().cloned();
        Ok(OpenChangesView {
            newest: newest.map(|it| row(context, it)).collect(),
            open: found.open,
            now: now_millis(),
        })
    }
}
