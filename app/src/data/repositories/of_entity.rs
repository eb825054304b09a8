//! The repository that an entity lives in.

use serde::{Deserialize, Serialize};

use super::ChangeRequestRow;

/// A repository as the page of an entity shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityRepositoryView {
    /// Its name.
    pub name: String,
    /// The newest open change requests.
    pub newest: Vec<ChangeRequestRow>,
    /// How many are open.
    pub open: u64,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

#[cfg(feature = "ssr")]
pub(crate) use server::of_entity;

#[cfg(feature = "ssr")]
mod server {
    use portico_model::Entity;
    use portico_scm::{ChangeRequestState, REPOSITORY_ANNOTATION};

    use super::EntityRepositoryView;
    use crate::{
        ServerContext,
        data::{now_millis, repositories::change_requests::server::row},
    };

    /// Change requests that are named on an entity's page.
    const NEWEST: usize = 3;

    /// The local repository that an entity names, when it is there and the person may read
    /// it. The entity is what its page is about: nothing here makes the page fail.
    pub(crate) async fn of_entity(
        context: &ServerContext,
        entity: &Entity,
    ) -> Option<EntityRepositoryView> {
        let url = entity.annotation(REPOSITORY_ANNOTATION)?;
        let name = url.strip_prefix("local:")?;
        let open = Some(ChangeRequestState::Open);
        let scm = context.scm().ok()?;
        let found = scm.change_requests(&context.principal, url, open, 0, NEWEST);
        let (newest, open) = found.await.ok()?;
        Some(EntityRepositoryView {
            name: name.to_owned(),
            newest: newest.into_iter().map(|it| row(context, it)).collect(),
            open,
            now: now_millis(),
        })
    }
}
