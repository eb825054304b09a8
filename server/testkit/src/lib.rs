//! Throw-away databases on both engines, and peers that speak real protocols, for tests.
//!
//! [`on_each_engine`] runs a test on SQLite and on PostgreSQL, each time on a
//! fresh, migrated database that is gone afterwards. The PostgreSQL server is
//! the one `PORTICO_TEST_POSTGRES` names (a `postgres://` URL of a role that may
//! create databases); without it, a private server is started from the binaries
//! on this machine, once per process. Without those either, the PostgreSQL half
//! is skipped, and says so.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "test support: a broken set-up must fail the test, with its reason"
)]

pub mod azure;
mod github;
mod oidc;
mod postgres;
mod registry;

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;
use portico_store::{Store, StoreOptions};

pub use github::{Asked, GitHubAppPeer, GitHubPeer, Refusal};
pub use oidc::{OidcPeer, OidcWorld};
pub use postgres::{PostgresDatabase, server_url};
pub use registry::{Registry, SignIn};

/// A fresh database, not yet migrated.
#[derive(Debug)]
pub struct Database {
    url: String,
    cleanup: Cleanup,
}

#[derive(Debug)]
enum Cleanup {
    Folder(tempfile::TempDir),
    Postgres(PostgresDatabase),
}

impl Database {
    /// A SQLite file in a folder of its own.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("portico.db").display());
        Self {
            url,
            cleanup: Cleanup::Folder(folder),
        }
    }

    /// A new database on the test server; `None` when there is no server to be had.
    pub async fn postgres() -> Option<Self> {
        let database = PostgresDatabase::create(&server_url()?).await;
        Some(Self {
            url: database.url().to_owned(),
            cleanup: Cleanup::Postgres(database),
        })
    }

    /// What [`Store::connect`] takes.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Connects; the schema is not there yet.
    pub async fn connect(&self) -> Store {
        Store::connect(&self.url, StoreOptions { max_connections: 4 })
            .await
            .expect("connecting")
    }

    /// Connects and migrates.
    pub async fn store(&self) -> Store {
        let store = self.connect().await;
        store.migrate().await.expect("migrating");
        store
    }

    /// Removes the database.
    pub async fn remove(self) {
        match self.cleanup {
            Cleanup::Folder(folder) => folder.close().expect("removing the folder"),
            Cleanup::Postgres(database) => database.remove().await,
        }
    }
}

/// Runs a test on a fresh, migrated database of each engine.
pub async fn on_each_engine<F: Future<Output = ()>>(test: impl Fn(Store) -> F) {
    on_each_database(async |database: &Database| {
        let store = database.store().await;
        test(store.clone()).await;
        store.close().await;
    })
    .await;
}

/// Runs a test on a fresh, empty database of each engine, for tests that open it themselves.
pub async fn on_each_database(test: impl AsyncFn(&Database)) {
    run("SQLite", Database::sqlite(), &test).await;
    match Database::postgres().await {
        Some(database) => run("PostgreSQL", database, &test).await,
        None => skipped(),
    }
}

/// Runs a test that only makes sense with several processes on one PostgreSQL.
pub async fn on_postgres(test: impl AsyncFn(&Database)) {
    match Database::postgres().await {
        Some(database) => run("PostgreSQL", database, &test).await,
        None => skipped(),
    }
}

async fn run(engine: &str, database: Database, test: &impl AsyncFn(&Database)) {
    // Caught, so that the database is removed all the same.
    let outcome = AssertUnwindSafe(test(&database)).catch_unwind().await;
    database.remove().await;
    if let Err(panic) = outcome {
        eprintln!("the test failed on {engine}");
        resume_unwind(panic);
    }
}

fn skipped() {
    eprintln!(
        "SKIPPED on PostgreSQL: set PORTICO_TEST_POSTGRES to the postgres:// URL of a role that \
         may create databases, or install the server (apt-get install postgresql)"
    );
}
