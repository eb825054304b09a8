//! A PostgreSQL server for tests, and databases on it.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use url::Url;
use uuid::Uuid;

/// Starts a private server and stops it when its input ends, which happens however this
/// process ends. `$1`: the folder with the server's binaries. Prints the socket's folder.
const SERVER: &str = r#"
set -e
folder=$(mktemp -d "${TMPDIR:-/tmp}/portico-postgres.XXXXXX")
server=
stop() {
    if [ -n "$server" ]; then kill -INT "$server" && wait "$server" || true; fi
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM
"$1/initdb" -D "$folder/data" -U portico -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1 ||
    { cat "$folder/log" >&2; exit 1; }
"$1/postgres" -D "$folder/data" -k "$folder" -h '' -F \
    -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 \
    </dev/null >>"$folder/log" 2>&1 &
server=$!
until "$1/pg_isready" -q -h "$folder"; do
    kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
    sleep 0.05
done
echo "$folder"
read -r _ || true
"#;

/// The server for tests: the one `PORTICO_TEST_POSTGRES` names, else a private one.
pub fn server_url() -> Option<String> {
    static SERVER: OnceLock<Option<(String, Option<Child>)>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        if let Ok(url) = env::var("PORTICO_TEST_POSTGRES") {
            return Some((url, None));
        }
        let (url, child) = start(&binaries()?);
        Some((url, Some(child)))
    });
    server.as_ref().map(|(url, _)| url.clone())
}

/// A database of its own on the test server.
#[derive(Debug)]
pub struct PostgresDatabase {
    server: String,
    name: String,
    url: String,
}

impl PostgresDatabase {
    /// Creates a database with a unique name on this server.
    pub async fn create(server: &str) -> Self {
        let name = format!("portico_test_{}", Uuid::new_v4().simple());
        let mut url = Url::parse(server).expect("PORTICO_TEST_POSTGRES is a postgres:// URL");
        url.set_path(&name);
        administer(server, format!("create database {name}")).await;
        Self {
            server: server.to_owned(),
            name,
            url: url.into(),
        }
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Drops it, connected or not.
    pub async fn remove(self) {
        administer(
            &self.server,
            format!("drop database if exists {} with (force)", self.name),
        )
        .await;
    }
}

async fn administer(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server)
        .await
        .unwrap_or_else(|error| panic!("the PostgreSQL test server {server}: {error}"));
    let outcome = connection.execute(AssertSqlSafe(statement.clone())).await;
    outcome.unwrap_or_else(|error| panic!("{statement}: {error}"));
    connection.close().await.expect("closing the connection");
}

/// The newest server installed, in Debian's folders or beside `postgres` on the `PATH`.
fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("postgres").exists())
        .collect();
    folders.sort();
    folders.pop().map(|(_, folder)| folder).or_else(|| {
        let path = env::var_os("PATH")?;
        env::split_paths(&path)
            .find(|folder| folder.join("postgres").exists() && folder.join("initdb").exists())
    })
}

fn start(binaries: &Path) -> (String, Child) {
    let mut command = if is_root() {
        // initdb refuses root. Not runuser: it would stand between us and the script, and
        // kill the script before it has stopped the server.
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid=postgres",
            "--regid=postgres",
            "--init-groups",
            "sh",
        ]);
        command
    } else {
        Command::new("sh")
    };
    command
        .args(["-c", SERVER, "portico-postgres"])
        .arg(binaries);
    let mut child = command
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starting a PostgreSQL server");
    let mut folder = String::new();
    let output = child.stdout.take().expect("the output is piped");
    BufReader::new(output)
        .read_line(&mut folder)
        .expect("reading from the server's script");
    let folder = folder.trim();
    assert!(
        !folder.is_empty(),
        "the PostgreSQL server did not start, see above"
    );
    let mut url = Url::parse("postgres://portico@localhost/postgres").expect("a constant");
    url.query_pairs_mut().append_pair("host", folder);
    (url.into(), child)
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
