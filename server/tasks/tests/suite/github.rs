//! Templates that work on GitHub, against a peer that has its rules.

mod actions;
mod autocomplete;
mod publish;
mod pull_requests;

use portico_store::Store;
use portico_tasks::{DryRun, DryRunResult, DryRunTemplate, NewTask, TaskView};
use portico_testkit::{Database, GitHubPeer};
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal, Replica, ended, entity};

/// A portal that is signed in to a peer, and a replica.
pub struct Setting {
    pub peer: GitHubPeer,
    pub portal: Portal,
    pub replica: Replica,
    pub store: Store,
    _database: Database,
}

impl Setting {
    /// With a template `work` of these steps.
    pub async fn new(steps: Value) -> Self {
        Self::with_token(steps, Some(GitHubPeer::TOKEN)).await
    }

    pub async fn with_token(steps: Value, token: Option<&str>) -> Self {
        let peer = GitHubPeer::start().await;
        let database = Database::sqlite();
        let store = database.store().await;
        let token = token.map_or_else(String::new, |token| format!(", token: {token}"));
        let integrations = format!(
            "integrations:\n  github:\n    - {{ host: '{}', apiBaseUrl: '{}'{token} }}\n",
            peer.host(),
            peer.api()
        );
        let spec = json!({"parameters": {"properties": {"name": {"type": "string"}}},
            "secrets": {"schema": {"type": "object"}},
            "steps": steps, "output": {"steps": "${{ steps }}"}});
        let templates = [("work", spec)];
        let portal = Portal::with_config(store.clone(), &templates, &integrations).await;
        let replica = portal.replica("a");
        Self {
            peer,
            portal,
            replica,
            store,
            _database: database,
        }
    }

    /// Runs the template.
    pub async fn done(&self, secrets: Value) -> TaskView {
        let new = NewTask {
            template_ref: "work".to_owned(),
            values: self.values(),
            secrets,
            ..NewTask::default()
        };
        let id = self.replica.tasks.create(&ADMIN, new).await.unwrap();
        ended(&self.replica.tasks, id).await
    }

    /// Runs the template without effects.
    pub async fn dry_run(&self, steps: Value, secrets: Value) -> DryRunResult {
        let spec = json!({"secrets": {"schema": {"type": "object"}}, "steps": steps,
            "output": {"steps": "${{ steps }}"}});
        let dry = DryRun {
            template: DryRunTemplate::Draft(entity("work", &spec)),
            values: self.values(),
            secrets,
            beside: None,
            directory_contents: Vec::new(),
        };
        self.portal.tasks().dry_run(&ADMIN, dry).await.unwrap()
    }

    fn values(&self) -> Value {
        json!({"host": self.peer.host(), "name": "orders"})
    }
}

/// The address of `orders` of `contoso`, as templates write it.
pub const REPO: &str = "${{ parameters.host }}?owner=contoso&repo=orders";

/// A step that writes a file.
pub fn write(path: &str, content: &str) -> Value {
    json!({"id": "write", "action": "fs:write", "input": {"path": path, "content": content}})
}

/// A step.
pub fn step(id: &str, action: &str, mut input: Value) -> Value {
    input["repoUrl"] = REPO.into();
    json!({"id": id, "action": action, "input": input})
}
