//! Repositories on GitHub and GitHub Enterprise servers, over their REST API: no git is needed.
//!
//! Who GitHub sees is the App or the token of the configuration. For whom it was done is in the
//! author of each commit, in a remark in the text of each pull request that is not shown, and in
//! the audit log, which is written right after the effect: the two are on different machines.

mod address;
mod archive;
mod client;
mod commit;
mod create;
mod fork;
mod list;
mod propose;
mod pulls;
mod push;
mod read;
mod refusal;
mod review;
mod settle;

use std::sync::Arc;

use async_trait::async_trait;
use portico_config::Secret;
use portico_integrations::Integrations;
use portico_store::{AuditEvent, ChangeRequestState, Store};

use crate::{
    Branch, ChangeRequest, ChangeRequestDetail, Diff, FolderEntry, NewRepository, Proposal,
    Repository, RepositoryFile, RepositoryHost, Result,
};

pub(crate) use address::Address;
pub use client::GitHubClient;

/// The hosts of `integrations.github`.
#[derive(Clone)]
pub struct GitHub {
    store: Store,
    integrations: Integrations,
    token: Option<Secret>,
}

impl GitHub {
    /// The hosts of a configuration. What is done there is told to the store's audit log.
    pub fn new(store: Store, integrations: Integrations) -> Self {
        Self {
            store,
            integrations,
            token: None,
        }
    }

    /// What calls a host for one repository.
    async fn client<'a>(&'a self, repository: &'a str) -> Result<GitHubClient<'a>> {
        GitHubClient::open(&self.integrations, repository, self.token.as_ref()).await
    }

    /// The same for what changes something: it waits for a host that limits the rate.
    async fn writer<'a>(&'a self, repository: &'a str) -> Result<GitHubClient<'a>> {
        Ok(self.client(repository).await?.patient())
    }
}

#[async_trait]
impl RepositoryHost for GitHub {
    fn keeps(&self, repository: &str) -> bool {
        Address::parse(repository, self.integrations.hosts()).is_some()
    }

    fn with_token(&self, token: &Secret) -> Option<Arc<dyn RepositoryHost>> {
        Some(Arc::new(Self {
            token: Some(token.clone()),
            ..self.clone()
        }))
    }

    async fn repositories(&self) -> Result<Vec<Repository>> {
        self.list().await
    }

    async fn repository(&self, repository: &str) -> Result<Repository> {
        self.client(repository).await?.describe().await
    }

    async fn branches(&self, repository: &str) -> Result<Vec<Branch>> {
        self.client(repository).await?.branches().await
    }

    async fn read_file(
        &self,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<u8>>> {
        let client = self.client(repository).await?;
        client.read_file(reference, path).await
    }

    async fn folder(
        &self,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<FolderEntry>>> {
        self.client(repository).await?.folder(reference, path).await
    }

    async fn find(
        &self,
        repository: &str,
        reference: Option<&str>,
        glob: &str,
    ) -> Result<Vec<String>> {
        self.client(repository).await?.find(reference, glob).await
    }

    async fn files(
        &self,
        repository: &str,
        reference: Option<&str>,
        folder: &str,
    ) -> Result<Vec<RepositoryFile>> {
        let client = self.client(repository).await?;
        client.files(&self.integrations, reference, folder).await
    }

    async fn create(
        &self,
        repository: &str,
        new: &NewRepository,
        audit: &AuditEvent,
    ) -> Result<String> {
        let client = self.writer(repository).await?;
        let (commit, is_new) = client.create(new, audit).await?;
        if is_new {
            self.store.append_audit(audit).await?;
        }
        Ok(commit)
    }

    fn page(&self, repository: &str) -> String {
        match Address::parse(repository, self.integrations.hosts()) {
            Some(address) => address.url(),
            None => repository.to_owned(),
        }
    }

    async fn preview(&self, repository: &str, proposal: &Proposal) -> Result<Diff> {
        self.client(repository).await?.preview(proposal).await
    }

    async fn propose(
        &self,
        repository: &str,
        proposal: &Proposal,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let made = self.writer(repository).await?;
        let made = made.propose(proposal, audit).await?;
        self.record(audit, made.number).await?;
        Ok(made)
    }

    async fn change_requests(
        &self,
        repository: &str,
        state: Option<ChangeRequestState>,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<ChangeRequest>, u64)> {
        let client = self.client(repository).await?;
        client.change_requests(state, offset, limit).await
    }

    async fn change_request(&self, repository: &str, number: i64) -> Result<ChangeRequestDetail> {
        self.client(repository).await?.review(number).await
    }

    async fn merge(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let client = self.writer(repository).await?;
        let merged = client.merge(number, audit).await?;
        self.store.append_audit(audit).await?;
        Ok(merged)
    }

    async fn close(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let client = self.writer(repository).await?;
        let closed = client.close(number, audit).await?;
        self.store.append_audit(audit).await?;
        Ok(closed)
    }
}

impl GitHub {
    /// Writes down a proposal with the number it got.
    async fn record(&self, audit: &AuditEvent, number: i64) -> Result<()> {
        let mut audit = audit.clone();
        audit.details["number"] = number.into();
        Ok(self.store.append_audit(&audit).await?)
    }
}
