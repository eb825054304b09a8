//! A provider that is active: what it asks for, what is written, and how it ends.

use std::{fs, path::Path, sync::Arc, time::Duration};

use portico_testkit::on_each_database;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::{Mutex, watch},
};

use crate::{
    plugins::{decide, submit},
    portal::Portal,
};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The component that `cargo xtask plugins` builds.
fn component() -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let found = fs::read(root.join("target/plugins/cmdb-json.wasm")).ok();
    if found.is_none() {
        eprintln!("SKIPPED: build the plugins first, with `cargo xtask plugins`");
    }
    found
}

/// A configuration database.
struct Database {
    port: u16,
    /// The records that a complete pass gets, and those that one of changes gets.
    records: Arc<Mutex<(Value, Value)>>,
    /// The paths that were asked for.
    asked: watch::Receiver<Vec<String>>,
    /// Whether it answers.
    open: watch::Sender<bool>,
}

impl Database {
    async fn start(records: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let records = Arc::new(Mutex::new((records, json!([]))));
        let (tell, asked) = watch::channel(Vec::new());
        let (open, gate) = watch::channel(true);
        let tables = Arc::clone(&records);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 8_192];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let request = String::from_utf8_lossy(&request[..read]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                let (tables, mut gate) = (Arc::clone(&tables), gate.clone());
                tell.send_modify(|asked| asked.push(path.clone()));
                tokio::spawn(async move {
                    let _ = gate.wait_for(|open| *open).await;
                    let (all, changes) = tables.lock().await.clone();
                    let records = if path.contains("after=") {
                        changes
                    } else {
                        all
                    };
                    let body = json!({"result": records}).to_string();
                    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ";
                    let answer = format!("{head}{}\r\n\r\n{body}", body.len());
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self {
            port,
            records,
            asked,
            open,
        }
    }

    /// Waits until it was asked in this way so many times.
    async fn asked(&self, times: usize, how: impl Fn(&str) -> bool) {
        let mut asked = self.asked.clone();
        let enough = asked.wait_for(|paths| paths.iter().filter(|path| how(path)).count() >= times);
        let waited = tokio::time::timeout(PATIENCE, enough).await;
        assert!(waited.is_ok(), "asked only {:?}", *self.asked.borrow());
    }

    /// How many times it was asked for everything.
    fn complete_passes(&self) -> usize {
        let asked = self.asked.borrow();
        asked.iter().filter(|path| !is_change(path)).count()
    }
}

fn is_change(path: &str) -> bool {
    path.contains("after=")
}

fn server(name: &str, updated: &str) -> Value {
    json!({"name": name, "updated": updated})
}

const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;

/// A portal whose provider reads the database at this interval, in milliseconds.
async fn portal(
    folder: &Path,
    store: &str,
    file: Vec<u8>,
    database: &Database,
    interval: u64,
) -> Portal {
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    let store = match store.starts_with("postgres") {
        true => format!("  database: {{ client: pg, connection: '{store}' }}\n"),
        false => String::new(),
    };
    let text = format!(
        "app: {{ title: Providers }}\nbackend:\n  listen: 127.0.0.1:0\n{store}catalog:\n  \
         rules: [{{ allow: [Resource, Location] }}]\n",
    );
    fs::write(folder.join("portico.yaml"), text).unwrap();
    let portal = Portal::start(folder);
    portal.ready().await;
    let url = format!("http://127.0.0.1:{}", database.port);
    let connection = json!({"baseUrl": url, "allowPrivate": true});
    portal
        .put("/api/plugins/connections/cmdb", &connection)
        .await;
    let version = submit(&portal, file).await;
    let mut limits = version["limits"].clone();
    limits["passIntervalMs"] = json!(interval);
    let approval = json!({
        "grants": {"config": true, "log": true, "http": {"connections": ["cmdb"]}},
        "limits": limits,
        "config": {
            "connection": "cmdb", "path": "/servers", "items": "/result", "since": "after",
            "updated": "/updated", "kind": "Resource", "name": "/name",
            "constants": {"/spec/type": "server", "/spec/owner": "infrastructure"},
        },
    });
    decide(&portal, &version, "approve", approval).await;
    decide(&portal, &version, "activate", json!({})).await;
    portal
}

async fn writes(portal: &Portal) -> u64 {
    let mut sum = 0;
    for change in ["added", "changed", "removed"] {
        let counter = format!("portico_entities_written_total{{change=\"{change}\"}}");
        sum += portal.counter(&counter).await;
    }
    sum
}

#[tokio::test]
async fn only_what_changed_is_asked_for_and_written() {
    // 37
    let Some(file) = component() else { return };
    on_each_database(async |store| {
        let folder = tempfile::tempdir().unwrap();
        let all = json!([server("web-1", "2026-01"), server("web-2", "2026-02")]);
        let database = Database::start(all).await;
        let portal = portal(folder.path(), store.url(), file.clone(), &database, SECOND).await;
        // Two servers, and the location that the provider is.
        portal.wait_for(3).await;

        // Passes that bring nothing new write nothing.
        database.asked(1, is_change).await;
        let written = writes(&portal).await;
        database
            .asked(4, |path| path.contains("after=2026-02"))
            .await;
        assert_eq!(writes(&portal).await, written);
        assert_eq!(database.complete_passes(), 1);

        // A change is put on top of what is there, and is where the next pass goes on.
        database.records.lock().await.1 = json!([server("web-3", "2026-03")]);
        portal.wait_for(4).await;
        database
            .asked(2, |path| path.contains("after=2026-03"))
            .await;
        assert_eq!(database.complete_passes(), 1);
        assert_eq!(writes(&portal).await, written + 1);
    })
    .await;
}

#[tokio::test]
async fn a_portal_that_is_asked_to_stop_finishes_the_calls_in_flight() {
    // 51
    let Some(file) = component() else { return };
    let folder = tempfile::tempdir().unwrap();
    let database = Database::start(json!([server("web-1", "2026-01")])).await;
    let mut portal = portal(folder.path(), "sqlite", file, &database, HOUR).await;
    portal.wait_for(2).await;
    database.open.send_replace(false);
    let passes = database.complete_passes();
    let call = portal.post("/api/plugins/cmdb:json/calls", b"{}".to_vec());
    let stop = async {
        // The call has reached the database, which does not answer yet.
        database.asked(passes + 1, |path| !is_change(path)).await;
        portal.terminate();
        database.open.send_replace(true);
    };
    let ((status, answer), ()) = tokio::join!(call, stop);
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["error"], Value::Null, "{answer}");
    assert!(answer["output"].to_string().contains("web-1"), "{answer}");
    let began = std::time::Instant::now();
    let ended = loop {
        match portal.ended() {
            Some(ended) => break ended,
            None => tokio::task::yield_now().await,
        }
        assert!(began.elapsed() < PATIENCE, "it goes on");
    };
    assert!(ended.success(), "{ended}");
}
