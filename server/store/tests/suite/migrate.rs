//! Schemas older, newer, and interrupted half-way.

use portico_store::{Store, StoreError, StoreOptions};
use portico_testkit::{Database, on_each_database, on_postgres};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use crate::fixture::roots;

#[tokio::test]
async fn an_empty_database_is_migrated_once() {
    on_each_database(async |database| {
        let store = database.connect().await;
        let empty = store.schema_state().await.unwrap();
        assert_eq!(empty.current, 0);
        store.migrate().await.unwrap();
        let state = store.schema_state().await.unwrap();
        assert_eq!((state.current, state.known), (empty.known, empty.known));
        store.migrate().await.unwrap();
        store.ping().await.unwrap();
        assert!(store.size_bytes().await.unwrap() > 8_192);
        store.close().await;
        assert!(store.ping().await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    on_each_database(async |database| {
        let store = database.store().await;
        let known = store.schema_state().await.unwrap().known;
        insert_migration(database, 9_999, true).await;
        match store.migrate().await {
            Err(error @ StoreError::SchemaNewer { found: 9_999, .. }) => assert_eq!(
                error.to_string(),
                format!(
                    "database schema is version 9999, this portico knows {known}: upgrade portico"
                )
            ),
            other => panic!("expected a refusal, got {other:?}"),
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_migration_marked_unfinished_is_explained() {
    on_each_database(async |database| {
        let store = database.store().await;
        execute(database, "update _sqlx_migrations set success = false").await;
        let error = store.migrate().await.unwrap_err();
        assert!(
            matches!(error, StoreError::Migration { version: 1, .. }),
            "{error}"
        );
        assert!(
            error.to_string().contains("interrupted half-way"),
            "{error}"
        );
        assert!(error.to_string().contains("restore the backup"), "{error}");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_migration_changed_after_the_fact_is_explained() {
    on_each_database(async |database| {
        let store = database.store().await;
        execute(
            database,
            "update _sqlx_migrations set description = 'x', checksum = checksum || checksum",
        )
        .await;
        let error = store.migrate().await.unwrap_err();
        assert!(error.to_string().contains("another text"), "{error}");
        store.close().await;
    })
    .await;
}

/// A process killed in the middle of a migration: its transaction never commits.
#[tokio::test]
async fn a_killed_migration_is_repaired_by_the_next_start() {
    on_each_database(async |database| {
        let script = if database.url().starts_with("sqlite:") {
            include_str!("../../../../migrations/sqlite/0001_catalog.sql")
        } else {
            include_str!("../../../../migrations/postgres/0001_catalog.sql")
        };
        // Closed without a commit, as the end of the process would.
        execute(database, &format!("begin; {script}")).await;
        let store = database.store().await;
        assert!(roots(&store, &["a"]).await);
        store.close().await;
    })
    .await;
}

/// A table in the way: the migration fails, is undone, and works once the table is gone.
#[tokio::test]
async fn a_failed_migration_is_undone() {
    on_each_database(async |database| {
        execute(database, "create table secret (x text)").await;
        let store = database.connect().await;
        let error = store.migrate().await.unwrap_err();
        assert!(error.to_string().contains("was undone"), "{error}");
        execute(database, "drop table secret").await;
        store.migrate().await.unwrap();
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replicas_that_start_together_take_turns() {
    on_postgres(async |database| {
        let mut starting = Vec::new();
        for _ in 0..4 {
            let store = database.connect().await;
            starting.push(tokio::spawn(async move {
                let outcome = store.migrate().await;
                store.close().await;
                outcome
            }));
        }
        for replica in starting {
            replica.await.unwrap().unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_database_in_memory_works_too() {
    let store = Store::connect("sqlite::memory:", StoreOptions::default())
        .await
        .unwrap();
    store.migrate().await.unwrap();
    assert!(roots(&store, &["a"]).await);
    assert_eq!(store.source_statuses(0, 10).await.unwrap().1, 1);
}

#[tokio::test]
async fn other_urls_are_refused() {
    let error = Store::connect("mysql://host/db", StoreOptions::default())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("sqlite:PATH"), "{error}");
}

async fn insert_migration(database: &Database, version: i64, success: bool) {
    execute(
        database,
        &format!(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             select {version}, 'from the future', {success}, checksum, 0 from _sqlx_migrations
             where version = 1"
        ),
    )
    .await;
}

async fn execute(database: &Database, script: &str) {
    let script = AssertSqlSafe(script.to_owned());
    if database.url().starts_with("sqlite:") {
        let url = format!("{}?mode=rwc", database.url());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        connection.execute(script).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(database.url()).await.unwrap();
        connection.execute(script).await.unwrap();
        connection.close().await.unwrap();
    }
}
