//! `backend.database`: SQLite or PostgreSQL, in Backstage's (knex) words.

use std::path::{Path, PathBuf};

use url::Url;

use crate::Secret;
use crate::node::NodeValue;
use crate::reader::Reader;

/// `backend.database`: which engine holds the catalog, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseConfig {
    /// SQLite in memory: gone when the process ends.
    SqliteMemory,
    /// SQLite in this file.
    SqliteFile(PathBuf),
    /// PostgreSQL at this `postgres://` URL.
    Postgres(Secret),
}

impl DatabaseConfig {
    const DEFAULT_FILE: &'static str = "data/portico.db";

    pub(crate) fn read(database: &Reader<'_>) -> Self {
        let connection = database.value("connection");
        let written = connection.node().and_then(|node| match &node.value {
            NodeValue::String(text) => Some(text.as_str()),
            _ => None,
        });
        let postgres = database.choice(
            "client",
            &[
                ("better-sqlite3", false),
                ("sqlite", false),
                ("sqlite3", false),
                ("pg", true),
                ("postgres", true),
            ],
        );
        let looks_like_postgres = written.is_some_and(is_postgres_url);
        if postgres.unwrap_or(looks_like_postgres) {
            Self::read_postgres(connection)
        } else {
            Self::read_sqlite(database, connection)
        }
    }

    fn read_sqlite(database: &Reader<'_>, connection: Reader<'_>) -> Self {
        let folder = connection.folder();
        match connection.node().map(|node| &node.value) {
            None => {
                let path = database.default("connection", Self::DEFAULT_FILE.to_owned());
                Self::SqliteFile(path.into())
            }
            Some(NodeValue::Object(_)) => connection.read_object(|it| {
                let file = it.text("filename").map(|name| sqlite(&folder, &name));
                let directory = it.text("directory");
                file.or_else(|| Some(Self::SqliteFile(folder.join(directory?).join("portico.db"))))
                    .unwrap_or_else(|| {
                        it.problem("needs \"filename\" or \"directory\"");
                        Self::SqliteMemory
                    })
            }),
            Some(_) => connection
                .parse("a file, or :memory:", |text| {
                    (!text.is_empty() && !is_postgres_url(text)).then(|| sqlite(&folder, text))
                })
                .unwrap_or(Self::SqliteMemory),
        }
    }

    fn read_postgres(connection: Reader<'_>) -> Self {
        let url = match connection.node().map(|node| &node.value) {
            Some(NodeValue::String(text)) => {
                let url = Url::parse(text).ok().filter(|_| is_postgres_url(text));
                connection.note(url.as_ref().map(masked).unwrap_or_default());
                if url.is_none() {
                    // The text may hold a password: it is not repeated.
                    connection
                        .problem("must be a URL: postgres://user:password@host:5432/database");
                }
                url
            }
            _ => connection.read_object(read_postgres_parts),
        };
        let Some(url) = url else {
            return Self::Postgres(Secret::new(""));
        };
        Self::Postgres(Secret::new(url))
    }

    /// The connection URL: `sqlite::memory:`, `sqlite:<path>` or `postgres://…`.
    pub fn url(&self) -> Secret {
        match self {
            Self::SqliteMemory => "sqlite::memory:".into(),
            Self::SqliteFile(path) => Secret::new(format!("sqlite:{}", path.display())),
            Self::Postgres(url) => url.clone(),
        }
    }
}

fn read_postgres_parts(connection: &Reader<'_>) -> Option<Url> {
    if let Some(url) = connection.secret("connectionString") {
        let url = Url::parse(url.expose())
            .ok()
            .filter(|it| is_postgres_url(it.as_str()));
        if url.is_none() {
            connection.problem("\"connectionString\" must be a postgres:// URL");
        }
        return url;
    }
    let mut url = Url::parse("postgres://localhost").ok()?;
    let host = connection.text_or("host", "localhost");
    if host.starts_with('/') {
        // A folder: the unix socket in it.
        url.query_pairs_mut().append_pair("host", &host);
    } else if url.set_host(Some(&host)).is_err() {
        connection.problem(format!("\"{host}\" is not a host name"));
    }
    let port = connection
        .value("port")
        .parse("a port from 1 to 65535", |text| text.parse().ok());
    if let Some(user) = connection.text("user") {
        url.set_username(&user).ok()?;
    }
    if let Some(password) = connection.secret("password") {
        url.set_password(Some(password.expose())).ok()?;
    }
    url.set_port(port).ok()?;
    url.path_segments_mut()
        .ok()?
        .push(&connection.text_or("database", "portico"));
    if let Some(mode) = read_ssl(connection) {
        url.query_pairs_mut().append_pair("sslmode", mode);
    }
    Some(url)
}

/// node-postgres' `ssl` as libpq's `sslmode`.
fn read_ssl(connection: &Reader<'_>) -> Option<&'static str> {
    let ssl = connection.value("ssl");
    let node = ssl.node()?;
    if !matches!(node.value, NodeValue::Object(_)) {
        let on = ssl.parse("true, false or an object", |text| text.parse().ok())?;
        return Some(if on { "verify-full" } else { "disable" });
    }
    let verify = ssl.read_object(|it| it.boolean("rejectUnauthorized", true));
    Some(if verify { "verify-full" } else { "require" })
}

fn sqlite(folder: &Path, name: &str) -> DatabaseConfig {
    match name.trim_start_matches("sqlite:") {
        ":memory:" => DatabaseConfig::SqliteMemory,
        name => DatabaseConfig::SqliteFile(folder.join(name.trim_start_matches("//"))),
    }
}

fn is_postgres_url(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

fn masked(url: &Url) -> String {
    let mut url = url.clone();
    if url.password().is_some() && url.set_password(Some("****")).is_err() {
        return "****".to_owned();
    }
    url.into()
}
