//! What is open in a repository, for pages that are about something else.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use portico_access::Principal;
use portico_store::ChangeRequestState;
use quick_cache::sync::Cache;

use super::Scm;
use crate::{ChangeRequest, Result};

/// How long an answer of another host is good for: each question counts against its rate limit,
/// and a page of a busy service is opened often.
const FRESH: Duration = Duration::from_secs(30);

/// Repositories whose answer is kept.
const KEPT: usize = 1_000;

/// Change requests that are told of.
const NEWEST: usize = 3;

/// The newest open change requests of a repository.
#[derive(Clone, Debug, Default)]
pub struct OpenChanges {
    /// The newest, newest first.
    pub newest: Vec<ChangeRequest>,
    /// How many are open.
    pub open: u64,
}

/// What other hosts said lately, by repository.
pub(super) struct Recent(Cache<String, (Instant, Arc<OpenChanges>)>);

impl Default for Recent {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl Scm {
    /// What is open in a repository that `who` may read. What another host said up to half a
    /// minute ago is good enough.
    pub async fn open_changes(
        &self,
        who: &Principal,
        repository: &str,
    ) -> Result<Arc<OpenChanges>> {
        let host = self.readable(who, repository).await?;
        let is_kept = host.is_portal();
        let recent = self.recent.0.get(repository).filter(|_| !is_kept);
        if let Some((_, known)) = recent.filter(|(at, _)| at.elapsed() < FRESH) {
            return Ok(known);
        }
        let open = Some(ChangeRequestState::Open);
        let (newest, open) = host.change_requests(repository, open, 0, NEWEST).await?;
        let found = Arc::new(OpenChanges { newest, open });
        if !is_kept {
            let now = (Instant::now(), Arc::clone(&found));
            self.recent.0.insert(repository.to_owned(), now);
        }
        Ok(found)
    }
}
