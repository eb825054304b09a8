//! A portal with templates in a folder, and tasks that run.

use std::{fs, path::Path, sync::Arc, time::Duration};

use portico_access::Principal;
use portico_catalog::{Catalog, Ingestion};
use portico_config::Config;
use portico_scm::{AzureDevOps, GitHub, LocalGit, Scm};
use portico_sources::Sources;
use portico_store::Store;
use portico_tasks::{EventView, NewTask, SecretsKey, TaskView, Tasks, TasksOptions};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub const ADMIN: Principal = Principal::LocalAdmin;

pub struct Portal {
    pub catalog: Catalog,
    pub scm: Scm,
    pub folder: TempDir,
}

/// A replica that runs tasks.
pub struct Replica {
    pub tasks: Tasks,
    pub running: JoinHandle<()>,
    pub stop: CancellationToken,
}

impl Portal {
    /// A portal with templates of these steps, each beside a folder `skeleton`.
    pub async fn new(store: Store, templates: &[(&str, Value)]) -> Self {
        Self::with_config(store, templates, "").await
    }

    /// The same with more configuration.
    pub async fn with_config(store: Store, templates: &[(&str, Value)], more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, spec) in templates {
            let template = folder.path().join("templates").join(name);
            fs::create_dir_all(template.join("skeleton")).unwrap();
            fs::write(
                template.join("skeleton/README.md"),
                "# ${{ values.name }}\n",
            )
            .unwrap();
            fs::write(
                template.join("skeleton/catalog-info.yaml"),
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${{ \
                 values.name }}\n  annotations:\n    portico.dev/repository: local:${{ \
                 values.name }}\nspec: { type: service, lifecycle: production, owner: bakers }\n",
            )
            .unwrap();
            fs::write(
                template.join("template.yaml"),
                entity(name, spec).to_string(),
            )
            .unwrap();
        }
        fs::write(
            folder.path().join("people.yaml"),
            "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: ada }\nspec: { \
             memberOf: [bakers] }\n---\napiVersion: backstage.io/v1alpha1\nkind: \
             Group\nmetadata: { name: bakers }\nspec: { type: team, children: [] }\n",
        )
        .unwrap();
        Self::open(store, folder, "./templates/*/template.yaml", more).await
    }

    /// A portal over what is in a folder, with more configuration.
    pub async fn open(store: Store, folder: TempDir, templates: &str, more: &str) -> Self {
        let file = folder.path().join("portico.yaml");
        let config = format!(
            "catalog:\n  rules: [{{ allow: [Component, API, Resource, System, Domain, Group, User, \
             Location, Template] }}]\n  locations:\n    - {{ type: file, target: '{templates}' \
             }}\n    - {{ type: file, target: './people.yaml' }}\n{more}"
        );
        fs::write(&file, config).unwrap();
        let loaded = Config::load_with(&[file], &|_| None).unwrap();
        let sources = Sources::new(&loaded.config).unwrap();
        let sources = sources.with_repositories(folder.path().join("git"));
        let catalog = Catalog::new(store, sources, Arc::new(loaded.config));
        catalog.load().await.unwrap();
        let git = LocalGit::new(catalog.store().clone(), folder.path().join("git"), "");
        let integrations = catalog.sources().integrations().clone();
        let github = GitHub::new(catalog.store().clone(), integrations.clone());
        let azure = AzureDevOps::new(catalog.store().clone(), integrations);
        let hosts: Vec<Arc<dyn portico_scm::RepositoryHost>> =
            vec![Arc::new(git), Arc::new(github), Arc::new(azure)];
        let scm = Scm::new(catalog.clone(), hosts);
        let portal = Self {
            catalog,
            scm,
            folder,
        };
        portal.ingest().await;
        portal
    }

    /// The host of its repositories.
    pub fn local(&self) -> LocalGit {
        let store = self.catalog.store().clone();
        LocalGit::new(store, self.folder.path().join("git"), "")
    }

    pub async fn ingest(&self) {
        let ingestion = Ingestion::new(self.catalog.clone());
        ingestion.run_until_idle().await.unwrap();
        self.catalog.follow().await.unwrap();
    }

    pub fn options(&self, replica: &str) -> TasksOptions {
        TasksOptions {
            look_every: Duration::from_millis(50),
            lease: Duration::from_millis(600),
            key: SecretsKey::from_text(&"k".repeat(40)),
            ..TasksOptions::new(self.folder.path().join("tasks").join(replica))
        }
    }

    pub fn tasks_with(&self, options: TasksOptions) -> Tasks {
        Tasks::new(self.catalog.clone(), Some(self.scm.clone()), None, options)
    }

    /// Tasks that nobody runs.
    pub fn tasks(&self) -> Tasks {
        self.tasks_with(self.options("idle"))
    }

    pub fn replica(&self, name: &str) -> Replica {
        Replica::of(self.tasks_with(self.options(name)))
    }

    /// The path of a file beside a template.
    pub fn beside(&self, template: &str, path: &str) -> std::path::PathBuf {
        self.folder
            .path()
            .join("templates")
            .join(template)
            .join(path)
    }
}

impl Replica {
    pub fn of(tasks: Tasks) -> Self {
        let stop = CancellationToken::new();
        let running = tokio::spawn(tasks.clone().run(stop.clone()));
        Self {
            tasks,
            running,
            stop,
        }
    }

    /// Ends it as a killed process ends: nothing is written, nothing is given back.
    pub async fn kill(self) {
        self.running.abort();
        assert!(self.running.await.unwrap_err().is_cancelled());
    }

    /// Ends it as a process that is told to stop.
    pub async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap();
    }

    /// Creates a task and waits for its end.
    pub async fn done(&self, template: &str, values: Value) -> TaskView {
        let id = create(&self.tasks, template, values).await;
        ended(&self.tasks, id).await
    }
}

/// A template entity.
pub fn entity(name: &str, spec: &Value) -> Value {
    let mut spec = spec.clone();
    spec["type"] = json!("service");
    json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": name, "title": format!("Make {name}")},
        "spec": spec,
    })
}

pub async fn create(tasks: &Tasks, template: &str, values: Value) -> Uuid {
    let new = NewTask {
        template_ref: template.to_owned(),
        values,
        ..NewTask::default()
    };
    tasks.create(&ADMIN, new).await.unwrap()
}

/// Waits for the end of a task by what it says.
pub async fn ended(tasks: &Tasks, id: Uuid) -> TaskView {
    let mut follower = tasks.follow(&ADMIN, id, 0).await.unwrap();
    while follower.next().await.unwrap().is_some() {}
    let view = tasks.get(&ADMIN, id).await.unwrap();
    assert!(view.has_ended(), "{view:?}");
    view
}

/// Waits until a step of a task has this status, or began if it is `processing`.
pub async fn reached(tasks: &Tasks, id: Uuid, step: &str, status: &str) {
    let mut follower = tasks.follow(&ADMIN, id, 0).await.unwrap();
    while let Some(events) = follower.next().await.unwrap() {
        let wanted = |it: &EventView| it.body["stepId"] == step && it.body["status"] == status;
        if events.iter().any(wanted) {
            return;
        }
    }
    panic!("{id} ended before {step} was {status}");
}

pub async fn events(tasks: &Tasks, id: Uuid) -> Vec<EventView> {
    tasks.events(&ADMIN, id, 0).await.unwrap()
}

/// How often a step began.
pub async fn begun(tasks: &Tasks, id: Uuid, step: &str) -> usize {
    let events = events(tasks, id).await;
    let begun = events
        .iter()
        .filter(|it| it.body["stepId"] == step && it.body["status"] == "processing");
    begun.count()
}

/// The kinds of the events that are no lines of the log.
pub async fn kinds(tasks: &Tasks, id: Uuid) -> Vec<String> {
    let events = events(tasks, id).await.into_iter();
    events
        .map(|it| it.kind)
        .filter(|kind| kind != "log")
        .collect()
}

/// What is in a folder, if it is there.
pub fn entries(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}
