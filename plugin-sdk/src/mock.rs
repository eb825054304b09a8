//! A mock of Portico, for tests of plugins that run natively with `cargo test`.
//!
//! ```
//! use portico_plugin_sdk::{mock, scm};
//!
//! let host = mock::Host::new();
//! host.add_scm_file("local:orders", "bicep/main.bicep", "param location string\n");
//! assert!(scm::read("local:orders", "bicep/main.bicep")?.is_some());
//!
//! host.deny("scm");
//! assert!(scm::read("local:orders", "bicep/main.bicep").is_err());
//! # portico_plugin_sdk::Result::<()>::Ok(())
//! ```

pub(crate) mod calls;
mod files;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;

use crate::{Entity, HostError, HostResult, http, log, scm, state};

use files::Files;

thread_local! {
    static PORTAL: RefCell<Portal> = RefCell::default();
}

/// What Portico would know, and what the plugin did to it.
#[derive(Default)]
struct Portal {
    denied: BTreeSet<String>,
    config: Option<Value>,
    entities: BTreeMap<String, Entity>,
    workspace: Files,
    subjects: BTreeMap<u32, Files>,
    repositories: BTreeMap<String, Files>,
    answers: BTreeMap<(String, String), http::Response>,
    state: BTreeMap<String, state::Entry>,
    writes: u64,
    now: u64,
    logs: Vec<(log::Level, String)>,
    requests: Vec<http::Request>,
    proposals: Vec<scm::Proposal>,
}

/// Portico, as the plugins on this thread see it.
#[derive(Debug)]
#[must_use = "without it there is nothing to ask"]
pub struct Host(());

impl Host {
    /// An empty portal. What another host of this thread knew is gone.
    #[expect(
        clippy::new_without_default,
        reason = "a new one replaces the last one"
    )]
    pub fn new() -> Self {
        PORTAL.with_borrow_mut(|portal| *portal = Portal::default());
        Self(())
    }

    /// Calls of this capability are answered as without a grant.
    pub fn deny(&self, capability: &str) {
        self.change(|portal| portal.denied.insert(capability.to_owned()));
    }

    /// Capability `config`: the configuration.
    pub fn set_config(&self, config: Value) {
        self.change(|portal| portal.config = Some(config));
    }

    /// Capability `catalog`: one entity more.
    pub fn add_entity(&self, entity: Value) {
        let entity = Entity::from(entity);
        self.change(|portal| portal.entities.insert(entity.reference(), entity));
    }

    /// Capability `workspace`: one file more.
    pub fn add_workspace_file(&self, path: &str, content: impl Into<Vec<u8>>) {
        self.change(|portal| portal.workspace.insert(path, content.into()));
    }

    /// Capability `repository`: one file more beside the subject at this place of a call.
    pub fn add_file(&self, subject: u32, path: &str, content: impl Into<Vec<u8>>) {
        self.change(|portal| {
            let files = portal.subjects.entry(subject).or_default();
            files.insert(path, content.into());
        });
    }

    /// Capability `scm`: one file more in a repository.
    pub fn add_scm_file(&self, repository: &str, path: &str, content: impl Into<Vec<u8>>) {
        let repository = repository.to_owned();
        self.change(|portal| {
            portal
                .repositories
                .entry(repository)
                .or_default()
                .insert(path, content.into());
        });
    }

    /// Capability `http`: the answer to a request such as `GET /servers?page=1`.
    pub fn respond(&self, connection: &str, request: &str, response: http::Response) {
        let key = (connection.to_owned(), request.to_owned());
        self.change(|portal| portal.answers.insert(key, response));
    }

    /// Capability `clock`: the time since 1970.
    pub fn set_time(&self, now: Duration) {
        self.change(|portal| portal.now = now.as_millis() as u64);
    }

    /// What was logged.
    pub fn logs(&self) -> Vec<(log::Level, String)> {
        self.change(|portal| portal.logs.clone())
    }

    /// What was sent.
    pub fn requests(&self) -> Vec<http::Request> {
        self.change(|portal| portal.requests.clone())
    }

    /// What was proposed.
    pub fn proposals(&self) -> Vec<scm::Proposal> {
        self.change(|portal| portal.proposals.clone())
    }

    /// A file of the workspace, as text.
    pub fn workspace_file(&self, path: &str) -> Option<String> {
        let bytes = self.change(|portal| portal.workspace.read(path))?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    #[expect(clippy::unused_self, reason = "who has no host has made no portal")]
    fn change<T>(&self, change: impl FnOnce(&mut Portal) -> T) -> T {
        PORTAL.with_borrow_mut(change)
    }
}

/// Asks on behalf of the plugin.
fn ask<T>(capability: &str, ask: impl FnOnce(&mut Portal) -> HostResult<T>) -> HostResult<T> {
    PORTAL.with_borrow_mut(|portal| {
        if portal.denied.contains(capability) {
            return Err(HostError::Denied(format!("the capability `{capability}`")));
        }
        ask(portal)
    })
}
