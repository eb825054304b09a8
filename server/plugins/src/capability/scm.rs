//! `scm`: repositories, in the name of whoever the call is made for.

use async_trait::async_trait;
use portico_plugin_host::{
    Answer, CapabilityError, ChangeRequest, Edit, PluginKey, Proposal, Scm as HostScm,
};
use portico_scm::{Scm, ScmError};

use super::unavailable;
use crate::caller::caller;

pub(crate) struct Repositories(pub(crate) Scm);

#[async_trait]
impl HostScm for Repositories {
    async fn read_file(
        &self,
        _: &PluginKey,
        repository: &str,
        path: &str,
        max_bytes: u64,
    ) -> Answer<Option<Vec<u8>>> {
        let file = self.0.read_file(&caller(), repository, None, path).await;
        let file = file.map_err(answer)?;
        match file {
            Some(content) if content.len() as u64 > max_bytes => Err(CapabilityError::TooMuch(
                format!("{path} has more than {max_bytes} bytes"),
            )),
            file => Ok(file),
        }
    }

    async fn find(
        &self,
        _: &PluginKey,
        repository: &str,
        glob: &str,
        max: u32,
    ) -> Answer<Vec<String>> {
        let found = self.0.find(&caller(), repository, None, glob).await;
        let mut found = found.map_err(answer)?;
        found.truncate(max as usize);
        Ok(found)
    }

    async fn propose(&self, plugin: &PluginKey, proposal: Proposal) -> Answer<ChangeRequest> {
        let repository = proposal.repository.clone();
        let proposed = proposed(&plugin.id, proposal);
        let made = self.0.propose(&caller(), &repository, &proposed).await;
        let made = made.map_err(answer)?;
        Ok(ChangeRequest {
            id: made.number.to_string(),
            url: made.url,
        })
    }
}

/// A proposal of a plugin, as source control takes it.
pub fn proposed(plugin: &str, proposal: Proposal) -> portico_scm::Proposal {
    let edits = proposal.edits.into_iter().map(|edit| match edit {
        Edit::Write { path, content } => portico_scm::Edit::Write { path, content },
        Edit::Remove { path } => portico_scm::Edit::Remove { path },
    });
    portico_scm::Proposal {
        base: proposal.base,
        branch: proposal.branch,
        title: proposal.title,
        body: proposal.body,
        edits: edits.collect(),
        via: Some(format!("plugin {plugin}")),
        ..portico_scm::Proposal::default()
    }
}

fn answer(error: ScmError) -> CapabilityError {
    match error {
        ScmError::Denied(denied) => CapabilityError::Denied(denied.to_string()),
        ScmError::NotFound(what) => CapabilityError::NotFound(what),
        ScmError::Invalid(message) => CapabilityError::Invalid(message),
        error @ ScmError::TooLarge { .. } => CapabilityError::TooMuch(error.to_string()),
        ScmError::Conflict { reason, .. } => CapabilityError::Conflict(reason),
        ScmError::Refused(message) => CapabilityError::Denied(message),
        ScmError::Unavailable(message) => CapabilityError::Unavailable(message),
        error => unavailable(&error),
    }
}
