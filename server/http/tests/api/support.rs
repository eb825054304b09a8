//! A portal over a small catalog, and requests to it.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use bytes::Bytes;
use portico_catalog::{Catalog, Ingestion};
use portico_config::Config;
use portico_http::{AppState, Metrics};
use portico_identity::Identity;
use portico_scm::{GitHub, LocalGit, Scm};
use portico_sources::Sources;
use portico_store::Store;
use portico_tasks::{Tasks, TasksOptions};
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// A token without restrictions.
pub const TOKEN: &str = "test-token-without-limits";
/// A token that may only read the catalog.
pub const READ_TOKEN: &str = "test-token-that-only-reads";
/// The secret of the GitHub webhook.
pub const WEBHOOK_SECRET: &str = "webhook-secret";

const CONFIG: &str = r"
auth: { environment: ENVIRONMENT }
permissions: { platformGroup: platform }
backend:
  reading: { allow: [{ host: FILES }] }
  auth:
    externalAccess:
      - type: static
        options: { token: test-token-without-limits, subject: tests }
      - type: static
        options: { token: test-token-that-only-reads, subject: reader }
        accessRestrictions:
          - { plugin: catalog, permission: [catalog.entity.read] }
catalog:
  rules: [{ allow: [Component, API, Resource, System, Domain, Group, User, Location, Template] }]
  locations: [{ type: file, target: ./catalog.yaml }]
  webhooks:
    github: { secret: webhook-secret }
";

/// A bakery: small, with every shape the rules speak of.
pub const BAKERY: &str = include_str!("bakery.yaml");

/// A portal that has read its catalog.
pub struct Portal {
    router: Router,
    pub catalog: Catalog,
    pub scm: Scm,
    pub tasks: Tasks,
    repositories: LocalGit,
    folder: TempDir,
}

impl Portal {
    /// A development portal over the bakery.
    pub async fn bakery(store: Store) -> Self {
        Self::new(store, BAKERY, "development").await
    }

    /// A portal over the catalog in `yaml`.
    pub async fn new(store: Store, yaml: &str, environment: &str) -> Self {
        Self::reading_from(store, yaml, environment, "files.invalid").await
    }

    /// A portal that may also read files from the web server at `files`.
    pub async fn reading_from(store: Store, yaml: &str, environment: &str, files: &str) -> Self {
        let config = CONFIG.replace("FILES", files);
        Self::configured(store, yaml, &config.replace("ENVIRONMENT", environment)).await
    }

    /// A development portal over the bakery with more configuration.
    pub async fn bakery_with(store: Store, more: &str) -> Self {
        let config = CONFIG.replace("FILES", "files.invalid") + more;
        Self::configured(store, BAKERY, &config.replace("ENVIRONMENT", "development")).await
    }

    async fn configured(store: Store, yaml: &str, config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("catalog.yaml"), yaml).unwrap();
        let file = folder.path().join("portico.yaml");
        std::fs::write(&file, config).unwrap();
        let loaded = Config::load_with(&[file], &|_| None).unwrap();
        assert_eq!(loaded.warnings, []);
        let sources = Sources::new(&loaded.config).unwrap();
        let catalog = Catalog::new(store, sources, Arc::new(loaded.config));
        catalog.load().await.unwrap();
        let repositories = LocalGit::new(
            catalog.store().clone(),
            folder.path().join("git"),
            "https://portal.example",
        );
        let integrations = catalog.sources().integrations().clone();
        let github = GitHub::new(catalog.store().clone(), integrations);
        let scm = Scm::new(
            catalog.clone(),
            vec![Arc::new(repositories.clone()), Arc::new(github)],
        );
        let options = TasksOptions {
            look_every: std::time::Duration::from_millis(20),
            ..TasksOptions::new(folder.path().join("tasks"))
        };
        let tasks = Tasks::new(catalog.clone(), Some(scm.clone()), None, options);
        let state = AppState::new(
            catalog.clone(),
            None,
            Some(scm.clone()),
            Identity::new(catalog.clone()),
            Metrics::install(),
        )
        .with_tasks(tasks.clone());
        let tasks = tasks.with_portal(state.portal_api());
        let portal = Self {
            router: portico_http::router(state),
            catalog,
            scm,
            tasks,
            repositories,
            folder,
        };
        portal.ingest().await;
        portal
    }

    /// Reads all sources that are due.
    pub async fn ingest(&self) {
        Ingestion::new(self.catalog.clone())
            .run_until_idle()
            .await
            .unwrap();
    }

    /// Runs tasks until it is stopped.
    pub fn run_tasks(&self) -> Running {
        let stop = CancellationToken::new();
        let running = tokio::spawn(self.tasks.clone().run(stop.clone()));
        Running { stop, running }
    }

    /// Serves it on a port of this machine until the test ends.
    pub async fn serve(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = self
            .router
            .clone()
            .into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        address
    }

    /// Makes a repository with one file.
    pub async fn import(&self, name: &str, file: &str, text: &str) {
        let source = self.folder.path().join("import").join(name);
        std::fs::create_dir_all(&source).unwrap();
        std::fs::write(source.join(file), text).unwrap();
        self.repositories.import(name, &source, 0).await.unwrap();
    }

    /// What the catalog file says.
    pub fn catalog_file(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("catalog.yaml")).unwrap()
    }

    /// Replaces the catalog file.
    pub fn write(&self, yaml: &str) {
        std::fs::write(self.folder.path().join("catalog.yaml"), yaml).unwrap();
    }

    /// Writes another file beside the catalog file.
    pub fn write_beside(&self, name: &str, yaml: &str) {
        std::fs::write(self.folder.path().join(name), yaml).unwrap();
    }

    /// A request as the local developer sends it.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// A JSON request as the local developer sends it.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// A request without a body.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A request to be added to.
    pub fn request(&self, method: Method, path: &str) -> Call {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:3000")
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))))
            .body(Body::empty())
            .unwrap();
        Call(request)
    }

    pub async fn send(&self, call: Call) -> Answer {
        let response = self.router.clone().oneshot(call.0).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

/// What runs tasks.
pub struct Running {
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Running {
    pub async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap();
    }
}

/// A request being made.
pub struct Call(Request<Body>);

impl Call {
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let headers = self.0.headers_mut();
        headers.insert(name, value.parse().unwrap());
        // A browser that sends a cookie also says where the request comes from.
        if name == "cookie" && !headers.contains_key("origin") {
            headers.insert("origin", "http://localhost:3000".parse().unwrap());
        }
        self
    }

    pub fn without(mut self, name: &'static str) -> Self {
        self.0.headers_mut().remove(name);
        self
    }

    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// From a machine elsewhere.
    pub fn remote(mut self) -> Self {
        self.0
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from(([10, 1, 2, 3], 40_000))));
        self
    }

    pub fn json(self, body: Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    pub fn form(self, body: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded")
            .body(body.to_owned())
    }

    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.0.body_mut() = body.into();
        self
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The body of an answer that must be a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        self.json()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status and error name of a refusal, which must be a problem.
    #[track_caller]
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json; charset=utf-8"),
            "{} {}",
            self.status,
            self.text()
        );
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        assert_eq!(body["response"]["statusCode"], self.status.as_u16());
        assert_eq!(body["detail"], body["error"]["message"]);
        (
            self.status.as_u16(),
            body["error"]["name"].as_str().unwrap().to_owned(),
        )
    }

    /// The detail of a problem.
    #[track_caller]
    pub fn detail(&self) -> String {
        self.json()["detail"].as_str().unwrap().to_owned()
    }

    /// `kind/name` of the entities in `items`, in order.
    #[track_caller]
    pub fn names(&self) -> Vec<String> {
        names(&self.ok()["items"])
    }
}

/// `metadata.name` of each entity of a list.
#[track_caller]
pub fn names(items: &Value) -> Vec<String> {
    let items = items.as_array().unwrap();
    items
        .iter()
        .map(|item| item["metadata"]["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Runs `test` on a bakery portal over each database.
pub async fn on_bakery<F: Future<Output = ()>>(test: impl Fn(Portal) -> F) {
    portico_testkit::on_each_engine(async |store| test(Portal::bakery(store).await).await).await;
}
