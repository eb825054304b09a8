//! Each capability: granted, not granted, granted to less.
//!
//! The guest's side of the boundary is tested with components in `tests/`; here host
//! functions are asked directly, since text format is no language for records.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;
use parking_lot::Mutex;

use crate::bindings::portico::plugin::types::Error;
use crate::bindings::portico::plugin::{
    catalog, http as wit_http, repository, scm, state, workspace,
};
use crate::egress::{Egress, EgressMode};
use crate::log::CallLog;
use crate::memory::MemoryLimiter;
use crate::plugin::Settings;
use crate::store::{CallContext, CallState};
use crate::{
    Answer, CatalogGrant, CatalogPage, CatalogQuery, CatalogReader, ChangeRequest, Connection,
    Connections, Digest, Effect, Event, Grants, HttpGrant, Limits, Observer, PluginKey, Proposal,
    Recorder, Repositories, Scm, ScmGrant, Services, StateEntry, StateGrant, StateStore, Usage,
    Workspace, WorkspaceGrant, World,
};

/// All services at once, over a few things in memory.
#[derive(Default)]
struct Fake {
    asked: Mutex<Vec<String>>,
    state: Mutex<BTreeMap<String, StateEntry>>,
    events: Mutex<Vec<Event>>,
}

impl Fake {
    fn ask(&self, what: impl Into<String>) {
        self.asked.lock().push(what.into());
    }
}

impl Observer for Fake {
    fn event(&self, _: &PluginKey, event: Event) {
        self.events.lock().push(event);
    }
}

#[async_trait]
impl CatalogReader for Fake {
    async fn entity(&self, _: &PluginKey, entity_ref: &str) -> Answer<Option<String>> {
        self.ask(entity_ref);
        Ok(Some("{}".into()))
    }

    async fn entities(&self, _: &PluginKey, query: CatalogQuery) -> Answer<CatalogPage> {
        self.ask(format!("{:?} {}", query.kinds, query.limit));
        Ok(CatalogPage::default())
    }
}

#[async_trait]
impl Repositories for Fake {
    async fn read_file(&self, subject: u32, path: &str, _: u64) -> Answer<Option<Vec<u8>>> {
        self.ask(format!("{subject} {path}"));
        Ok((path == "large").then(|| vec![0; 10_000_000]))
    }

    async fn find(&self, _: u32, glob: &str, _: u32) -> Answer<Vec<String>> {
        self.ask(glob);
        Ok(vec!["a".into(); 100_000])
    }
}

#[async_trait]
impl Connections for Fake {
    async fn connection(&self, _: &PluginKey, name: &str) -> Answer<Connection> {
        self.ask(name);
        Ok(Connection {
            base_url: "https://169.254.169.254/latest".parse().unwrap(),
            headers: HeaderMap::new(),
            allow_private: true,
        })
    }
}

#[async_trait]
impl Scm for Fake {
    async fn read_file(
        &self,
        _: &PluginKey,
        at: &str,
        path: &str,
        _: u64,
    ) -> Answer<Option<Vec<u8>>> {
        self.ask(format!("{at} {path}"));
        Ok(None)
    }

    async fn find(&self, _: &PluginKey, _: &str, _: &str, _: u32) -> Answer<Vec<String>> {
        Ok(Vec::new())
    }

    async fn propose(&self, _: &PluginKey, proposal: Proposal) -> Answer<ChangeRequest> {
        self.ask(format!("propose {}", proposal.title));
        Ok(ChangeRequest {
            id: "1".into(),
            url: "https://example.com/1".into(),
        })
    }
}

#[async_trait]
impl StateStore for Fake {
    async fn get(&self, _: &PluginKey, key: &str) -> Answer<Option<StateEntry>> {
        Ok(self.state.lock().get(key).cloned())
    }

    async fn set(
        &self,
        _: &PluginKey,
        key: &str,
        value: Option<Vec<u8>>,
        _: Option<u64>,
        _: u64,
    ) -> Answer<u64> {
        let value = value.unwrap_or_default();
        self.state
            .lock()
            .insert(key.into(), StateEntry { value, version: 1 });
        Ok(1)
    }

    async fn keys(&self, _: &PluginKey, _: &str, _: u32) -> Answer<Vec<String>> {
        Ok(self.state.lock().keys().cloned().collect())
    }
}

fn call(grants: Grants, context: CallContext) -> (CallState, Arc<Fake>) {
    let fake = Arc::new(Fake::default());
    let limits = Limits::default();
    let state = CallState {
        log: CallLog::new(&limits, None),
        memory: MemoryLimiter::new(&limits),
        context: CallContext {
            repositories: Some(fake.clone()),
            ..context
        },
        usage: Usage::default(),
        dry_state: std::collections::HashMap::new(),
        plugin: Arc::new(Settings {
            key: PluginKey {
                id: "test".into(),
                digest: Digest::of(b""),
            },
            world: World::ScaffolderAction,
            grants,
            limits,
            config: "{}".into(),
            services: Services {
                catalog: Some(fake.clone()),
                connections: Some(fake.clone()),
                scm: Some(fake.clone()),
                state: Some(fake.clone()),
                observer: fake.clone(),
            },
            egress: Arc::new(Egress::new(EgressMode::Enforce)),
        }),
    };
    (state, fake)
}

fn dry() -> (CallContext, Recorder) {
    let recorder = Recorder::default();
    let context = CallContext {
        dry_run: Some(recorder.clone()),
        ..CallContext::default()
    };
    (context, recorder)
}

fn denied<T: std::fmt::Debug>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Denied(_)))
}

#[tokio::test]
async fn only_granted_kinds_exist() {
    use catalog::Host as _;
    let (mut call, fake) = call(
        Grants {
            catalog: Some(CatalogGrant {
                kinds: vec!["component".into()],
            }),
            ..Grants::default()
        },
        CallContext::default(),
    );
    let found = call.get_entity("Component:Orders".into()).await.unwrap();
    assert_eq!(found.unwrap().as_deref(), Some("{}"));
    let hidden = call.get_entity("user:default/ann".into()).await.unwrap();
    assert_eq!(hidden.unwrap(), None);
    assert_eq!(*fake.asked.lock(), ["component:default/orders"]);
    assert_eq!((call.usage.denials, fake.events.lock().len()), (1, 1));
    let query = catalog::Query {
        filters: Vec::new(),
        limit: u32::MAX,
        cursor: None,
    };
    assert!(call.query_entities(query).await.unwrap().is_ok());
    assert_eq!(fake.asked.lock()[1], r#"["component"] 1000"#);
    let long = call.get_entity("x".repeat(1_000)).await.unwrap();
    assert!(matches!(long, Err(Error::TooMuch(_))));
}

fn request(connection: &str, method: &str) -> wit_http::Request {
    wit_http::Request {
        connection: connection.into(),
        method: method.into(),
        path: "/items".into(),
        headers: Vec::new(),
        body: None,
    }
}

fn http_grants() -> Grants {
    Grants {
        http: Some(HttpGrant {
            connections: vec!["cmdb".into()],
        }),
        ..Grants::default()
    }
}

#[tokio::test]
async fn only_granted_connections_are_used() {
    // 44, 45
    use wit_http::Host as _;
    let (mut call, fake) = call(http_grants(), CallContext::default());
    assert!(denied(&call.send(request("billing", "GET")).await.unwrap()));
    assert!(fake.asked.lock().is_empty());
    let metadata = call.send(request("cmdb", "GET")).await.unwrap();
    assert!(denied(&metadata), "{metadata:?}");
    assert_eq!(fake.events.lock().len(), 2);
    let strange = call.send(request("cmdb", "CONNECT")).await.unwrap();
    assert!(matches!(strange, Err(Error::Invalid(_))));
    let mut host = request("cmdb", "GET");
    host.headers = vec![("Host".into(), "evil.example".into())];
    assert!(matches!(
        call.send(host).await.unwrap(),
        Err(Error::Invalid(_))
    ));
    let mut large = request("cmdb", "POST");
    large.body = Some(vec![0; 6 << 20]);
    assert!(matches!(
        call.send(large).await.unwrap(),
        Err(Error::TooMuch(_))
    ));
    call.usage.http_requests = 32;
    let many = call.send(request("cmdb", "GET")).await.unwrap();
    assert!(matches!(many, Err(Error::TooMuch(_))));
}

#[tokio::test]
async fn a_dry_run_sends_nothing_that_changes_something() {
    use wit_http::Host as _;
    let (context, recorder) = dry();
    let (mut call, _) = call(http_grants(), context);
    let answer = call.send(request("cmdb", "POST")).await.unwrap().unwrap();
    assert_eq!(answer.status, 202);
    assert!(matches!(&recorder.effects()[..], [Effect::Http { method, .. }] if method == "POST"));
    assert!(denied(&call.send(request("cmdb", "GET")).await.unwrap()));
}

fn proposal(repository: &str) -> scm::Proposal {
    scm::Proposal {
        repository: repository.into(),
        base: None,
        branch: "portico/x".into(),
        title: "Add Redis\u{202e}".into(),
        body: String::new(),
        edits: vec![scm::Edit::Write(scm::File {
            path: "bicep/main.bicep".into(),
            content: b"x".to_vec(),
        })],
    }
}

fn scm_grants(propose: bool) -> Grants {
    Grants {
        scm: Some(ScmGrant {
            repositories: vec!["local:orders-*".into()],
            propose,
        }),
        ..Grants::default()
    }
}

#[tokio::test]
async fn only_granted_repositories_are_read_and_changed() {
    use scm::Host as _;
    let (mut reader, fake) = call(scm_grants(false), CallContext::default());
    let read = reader
        .read_file("local:orders-api".into(), "a".into())
        .await
        .unwrap();
    assert!(read.is_ok());
    let other = reader
        .read_file("local:billing".into(), "a".into())
        .await
        .unwrap();
    assert!(denied(&other));
    let climbing = reader
        .read_file("local:orders-api".into(), "../a".into())
        .await
        .unwrap();
    assert!(matches!(climbing, Err(Error::Invalid(_))));
    assert!(denied(
        &reader.propose(proposal("local:orders-api")).await.unwrap()
    ));
    assert_eq!(*fake.asked.lock(), ["local:orders-api a"]);

    let (mut author, fake) = call(scm_grants(true), CallContext::default());
    let made = author.propose(proposal("local:orders-api")).await.unwrap();
    assert_eq!(made.unwrap().id, "1");
    assert_eq!(*fake.asked.lock(), ["propose Add Redis"]);
    assert!(denied(
        &author.propose(proposal("local:billing")).await.unwrap()
    ));
    let mut hook = proposal("local:orders-api");
    hook.edits = vec![scm::Edit::Remove(".git/hooks/x".into())];
    assert!(matches!(
        author.propose(hook).await.unwrap(),
        Err(Error::Invalid(_))
    ));
    let mut empty = proposal("local:orders-api");
    empty.edits.clear();
    assert!(matches!(
        author.propose(empty).await.unwrap(),
        Err(Error::Invalid(_))
    ));
}

#[tokio::test]
async fn a_dry_run_proposes_nothing() {
    use scm::Host as _;
    let (context, recorder) = dry();
    let (mut call, fake) = call(scm_grants(true), context);
    assert!(
        call.propose(proposal("local:orders-api"))
            .await
            .unwrap()
            .is_ok()
    );
    assert!(fake.asked.lock().is_empty());
    assert!(matches!(&recorder.effects()[..], [Effect::Propose { .. }]));
}

#[tokio::test]
async fn state_is_bounded_and_a_dry_run_keeps_its_own() {
    use state::Host as _;
    let grants = Grants {
        state: Some(StateGrant { bytes: 100 }),
        ..Grants::default()
    };
    let (mut wet, fake) = call(grants.clone(), CallContext::default());
    assert_eq!(
        wet.set("a".into(), Some(vec![1]), None)
            .await
            .unwrap()
            .unwrap(),
        1
    );
    let large = wet.set("b".into(), Some(vec![0; 100]), None).await.unwrap();
    assert!(matches!(large, Err(Error::TooMuch(_))));
    assert!(matches!(
        wet.get(String::new()).await.unwrap(),
        Err(Error::Invalid(_))
    ));
    assert_eq!(fake.state.lock().len(), 1);

    let (context, recorder) = dry();
    let (mut dry, fake) = call(grants, context);
    let first = dry.set("a".into(), Some(vec![1]), Some(0)).await.unwrap();
    let first = first.unwrap();
    let stale = dry.set("a".into(), None, Some(0)).await.unwrap();
    assert!(matches!(stale, Err(Error::Conflict(_))));
    assert_eq!(
        dry.get("a".into()).await.unwrap().unwrap().unwrap().value,
        [1]
    );
    assert_eq!(dry.keys(String::new()).await.unwrap().unwrap(), ["a"]);
    assert!(dry.set("a".into(), None, None).await.unwrap().is_ok());
    assert!(dry.get("a".into()).await.unwrap().unwrap().is_none());
    let again = dry.set("a".into(), Some(vec![1]), Some(0)).await.unwrap();
    assert_ne!(again.unwrap(), first, "a version never comes back");
    assert!(fake.state.lock().is_empty());
    assert_eq!(recorder.effects().len(), 3);
}

#[tokio::test]
async fn the_workspace_is_for_reading_unless_granted() {
    use workspace::Host as _;
    let folder = tempfile::tempdir().unwrap();
    let context = || CallContext {
        workspace: Some(Workspace::open(folder.path()).unwrap()),
        ..CallContext::default()
    };
    let grants = |write| Grants {
        workspace: Some(WorkspaceGrant { write }),
        ..Grants::default()
    };
    let (mut reader, _) = call(grants(false), context());
    assert!(denied(
        &reader.write_file("a".into(), vec![1]).await.unwrap()
    ));
    assert!(denied(&reader.remove("a".into()).await.unwrap()));
    let (mut writer, _) = call(grants(true), context());
    assert!(
        writer
            .write_file("src/a".into(), vec![1])
            .await
            .unwrap()
            .is_ok()
    );
    assert_eq!(
        reader.read_file("src/a".into()).await.unwrap().unwrap(),
        [1]
    );
    assert!(denied(
        &writer
            .write_file(".git/hooks/post-checkout".into(), vec![1])
            .await
            .unwrap()
    ));
    assert!(denied(
        &reader.read_file("sub/.GIT/config".into()).await.unwrap()
    ));
    let large = writer
        .write_file("b".into(), vec![0; 3 << 20])
        .await
        .unwrap();
    assert!(matches!(large, Err(Error::TooMuch(_))));
    writer.usage.written_bytes = 16 << 20;
    let more = writer.write_file("c".into(), vec![1]).await.unwrap();
    assert!(matches!(more, Err(Error::TooMuch(_))));
    let (mut none, _) = call(grants(true), CallContext::default());
    let missing = none.read_file("a".into()).await.unwrap();
    assert!(matches!(missing, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn files_beside_entities_are_bounded() {
    use repository::Host as _;
    let (mut call, fake) = call(Grants::default(), CallContext::default());
    assert!(
        call.read_file(3, "README.md".into())
            .await
            .unwrap()
            .unwrap()
            .is_none()
    );
    let large = call.read_file(0, "large".into()).await.unwrap();
    assert!(matches!(large, Err(Error::TooMuch(_))));
    let climbing = call.read_file(0, "../x".into()).await.unwrap();
    assert!(matches!(climbing, Err(Error::Invalid(_))));
    assert_eq!(
        call.find(0, "**/*".into()).await.unwrap().unwrap().len(),
        5_000
    );
    assert_eq!(*fake.asked.lock(), ["3 README.md", "0 large", "**/*"]);
    call.usage.host_calls = 2_000;
    let many = call.find(0, "**/*".into()).await.unwrap();
    assert!(matches!(many, Err(Error::TooMuch(_))));
}
