//! Repositories on Azure DevOps services and servers, over their REST API: no git is needed.
//!
//! Who Azure DevOps sees is the credential of the configuration. For whom it was done is in the
//! author of each commit, in a remark in the text of each pull request that is not shown, and in
//! the audit log, which is written right after the effect: the two are on different machines.

mod address;
mod blobs;
mod client;
mod commit;
mod create;
mod edits;
mod list;
mod propose;
mod pulls;
mod push;
mod read;
mod refusal;
mod review;
mod settle;
mod tree;

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
pub use client::{AzureClient, AzureScope};

/// The hosts of `integrations.azure`.
#[derive(Clone)]
pub struct AzureDevOps {
    store: Store,
    integrations: Integrations,
    token: Option<Secret>,
}

impl AzureDevOps {
    /// The hosts of a configuration. What is done there is told to the store's audit log.
    pub fn new(store: Store, integrations: Integrations) -> Self {
        Self {
            store,
            integrations,
            token: None,
        }
    }

    /// What calls a host for one repository.
    fn client<'a>(&'a self, repository: &'a str) -> Result<AzureClient<'a>> {
        AzureClient::open(&self.integrations, repository, self.token.as_ref())
    }

    /// The same for what changes something: it waits for a host that limits the rate.
    fn writer<'a>(&'a self, repository: &'a str) -> Result<AzureClient<'a>> {
        Ok(self.client(repository)?.patient())
    }
}

#[async_trait]
impl RepositoryHost for AzureDevOps {
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
        self.client(repository)?.describe().await
    }

    async fn branches(&self, repository: &str) -> Result<Vec<Branch>> {
        self.client(repository)?.branches().await
    }

    async fn read_file(
        &self,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<u8>>> {
        self.client(repository)?.read_file(reference, path).await
    }

    async fn folder(
        &self,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<FolderEntry>>> {
        self.client(repository)?.folder(reference, path).await
    }

    async fn find(
        &self,
        repository: &str,
        reference: Option<&str>,
        glob: &str,
    ) -> Result<Vec<String>> {
        self.client(repository)?.find_files(reference, glob).await
    }

    async fn files(
        &self,
        repository: &str,
        reference: Option<&str>,
        folder: &str,
    ) -> Result<Vec<RepositoryFile>> {
        self.client(repository)?.files(reference, folder).await
    }

    async fn create(
        &self,
        repository: &str,
        new: &NewRepository,
        audit: &AuditEvent,
    ) -> Result<String> {
        let (commit, is_new) = self.writer(repository)?.create(new, audit).await?;
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
        self.client(repository)?.preview(proposal).await
    }

    async fn propose(
        &self,
        repository: &str,
        proposal: &Proposal,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let made = self.writer(repository)?.propose(proposal, audit).await?;
        let mut audit = audit.clone();
        audit.details["number"] = made.number.into();
        self.store.append_audit(&audit).await?;
        Ok(made)
    }

    async fn change_requests(
        &self,
        repository: &str,
        state: Option<ChangeRequestState>,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<ChangeRequest>, u64)> {
        let client = self.client(repository)?;
        client.change_requests(state, offset, limit).await
    }

    async fn change_request(&self, repository: &str, number: i64) -> Result<ChangeRequestDetail> {
        self.client(repository)?.review(number).await
    }

    async fn merge(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let merged = self.writer(repository)?.merge(number, audit).await?;
        self.store.append_audit(audit).await?;
        Ok(merged)
    }

    async fn close(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let closed = self.writer(repository)?.close(number, audit).await?;
        self.store.append_audit(audit).await?;
        Ok(closed)
    }
}
