//! The portal of a fixture.

use std::{
    collections::{BTreeMap, HashMap},
    net::Ipv4Addr,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use globset::GlobBuilder;
use portico_plugin_host::{
    Answer, CapabilityError, CatalogPage, CatalogQuery, CatalogReader, ChangeRequest, Connection,
    Connections, PluginKey, Proposal, Repositories, Scm, StateEntry, StateStore,
};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

use super::fixture::{self, Files, Fixture};

/// A folder that is there only in the fixture.
pub(super) struct Folder(pub(super) Files);

impl Folder {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.0.get(path).map(|text| text.clone().into_bytes())
    }

    fn find(&self, glob: &str, max: u32) -> Answer<Vec<String>> {
        let glob = GlobBuilder::new(glob).literal_separator(true).build();
        let glob = glob.map_err(|error| CapabilityError::Invalid(error.to_string()))?;
        let matcher = glob.compile_matcher();
        let found = self.0.keys().filter(|path| matcher.is_match(path));
        Ok(found.take(max as usize).cloned().collect())
    }
}

#[async_trait]
impl Repositories for Folder {
    async fn read_file(&self, _: u32, path: &str, _: u64) -> Answer<Option<Vec<u8>>> {
        Ok(self.read(path))
    }

    async fn find(&self, _: u32, glob: &str, max: u32) -> Answer<Vec<String>> {
        self.find(glob, max)
    }
}

/// Everything else that a plugin reaches.
pub(super) struct World {
    entities: BTreeMap<String, String>,
    repositories: BTreeMap<String, Folder>,
    connections: HashMap<String, Url>,
    state: Mutex<BTreeMap<String, StateEntry>>,
}

impl World {
    pub(super) fn new(fixture: &Fixture, server: &Url) -> Result<Self> {
        let entities = fixture.entities.iter().map(|entity| {
            let text = |pointer| entity.pointer(pointer).and_then(|value| value.as_str());
            let kind = text("/kind").unwrap_or_default();
            let namespace = text("/metadata/namespace").unwrap_or("default");
            let name = text("/metadata/name").unwrap_or_default();
            (
                format!("{kind}:{namespace}/{name}").to_lowercase(),
                entity.to_string(),
            )
        });
        let repositories = fixture.repositories.iter();
        let connections = fixture.connections.keys().map(|name| {
            let url = server
                .join(&format!("{name}/"))
                .context("a connection's name is no path")?;
            Ok((name.clone(), url))
        });
        Ok(Self {
            entities: entities.collect(),
            repositories: repositories
                .map(|(name, files)| (name.clone(), Folder(files.clone())))
                .collect(),
            connections: connections.collect::<Result<_>>()?,
            state: Mutex::default(),
        })
    }

    fn repository(&self, name: &str) -> Answer<&Folder> {
        let found = self.repositories.get(name);
        found.ok_or_else(|| CapabilityError::NotFound(format!("the repository `{name}`")))
    }
}

#[async_trait]
impl CatalogReader for World {
    async fn entity(&self, _: &PluginKey, reference: &str) -> Answer<Option<String>> {
        Ok(self.entities.get(reference).cloned())
    }

    /// Of the filters, only `kind=…` is understood.
    async fn entities(&self, _: &PluginKey, query: CatalogQuery) -> Answer<CatalogPage> {
        let kinds = query
            .filters
            .iter()
            .filter_map(|filter| filter.strip_prefix("kind="));
        let kinds: Vec<String> = kinds
            .map(|kind| format!("{}:", kind.to_lowercase()))
            .collect();
        let matching = self.entities.iter().filter(|(reference, _)| {
            kinds.is_empty()
                || kinds
                    .iter()
                    .any(|kind| reference.starts_with(kind.as_str()))
        });
        let entities: Vec<String> = matching.map(|(_, entity)| entity.clone()).collect();
        Ok(CatalogPage {
            total: entities.len() as u64,
            entities,
            next: None,
        })
    }
}

#[async_trait]
impl Connections for World {
    async fn connection(&self, _: &PluginKey, name: &str) -> Answer<Connection> {
        let url = self.connections.get(name);
        let url =
            url.ok_or_else(|| CapabilityError::NotFound(format!("the connection `{name}`")))?;
        Ok(Connection {
            base_url: url.clone(),
            headers: axum::http::HeaderMap::new(),
            allow_private: true,
        })
    }
}

#[async_trait]
impl Scm for World {
    async fn read_file(
        &self,
        _: &PluginKey,
        repository: &str,
        path: &str,
        _: u64,
    ) -> Answer<Option<Vec<u8>>> {
        Ok(self.repository(repository)?.read(path))
    }

    async fn find(
        &self,
        _: &PluginKey,
        repository: &str,
        glob: &str,
        max: u32,
    ) -> Answer<Vec<String>> {
        self.repository(repository)?.find(glob, max)
    }

    async fn propose(&self, _: &PluginKey, proposal: Proposal) -> Answer<ChangeRequest> {
        self.repository(&proposal.repository)?;
        Ok(ChangeRequest {
            id: "1".to_owned(),
            url: "https://scm.example/changes/1".to_owned(),
        })
    }
}

#[async_trait]
impl StateStore for World {
    async fn get(&self, _: &PluginKey, key: &str) -> Answer<Option<StateEntry>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(state.get(key).cloned())
    }

    async fn set(
        &self,
        _: &PluginKey,
        key: &str,
        value: Option<Vec<u8>>,
        if_version: Option<u64>,
        _: u64,
    ) -> Answer<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let found = state.get(key).map_or(0, |entry| entry.version);
        if if_version.is_some_and(|version| version != found) {
            return Err(CapabilityError::Conflict(format!("the state `{key}`")));
        }
        let version = found + 1;
        match value {
            Some(value) => state.insert(key.to_owned(), StateEntry { value, version }),
            None => state.remove(key),
        };
        Ok(version)
    }

    async fn keys(&self, _: &PluginKey, prefix: &str, max: u32) -> Answer<Vec<String>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = state.keys().filter(|key| key.starts_with(prefix));
        Ok(keys.take(max as usize).cloned().collect())
    }
}

type Answers = BTreeMap<String, BTreeMap<String, fixture::Answer>>;

/// The other side of all connections, on this machine. It ends when it is dropped.
pub(super) struct Server {
    url: Url,
    task: JoinHandle<()>,
}

impl Server {
    pub(super) async fn start(answers: Answers) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let router = Router::new().fallback(answer).with_state(answers);
        let task = tokio::spawn(async move {
            // It ends with the process, or is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            url: Url::parse(&url)?,
            task,
        })
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// `/CONNECTION/REST`, answered as the fixture says.
async fn answer(State(answers): State<Answers>, request: Request) -> Response {
    let path = request
        .uri()
        .path_and_query()
        .map_or("", |path| path.as_str());
    let (connection, rest) = path
        .trim_start_matches('/')
        .split_once('/')
        .unwrap_or_default();
    let line = format!("{} /{rest}", request.method());
    match answers
        .get(connection)
        .and_then(|answers| answers.get(&line))
    {
        Some(answer) => {
            let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
            (status, axum::Json(answer.body.clone())).into_response()
        }
        None => (
            StatusCode::NOT_FOUND,
            format!("the fixture has no answer to `{line}`"),
        )
            .into_response(),
    }
}
