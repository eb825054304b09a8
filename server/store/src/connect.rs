//! Opening a database.

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    Connection, PgPool, SqliteConnection, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::watch;

use crate::{
    Seq, Store, StoreError, StoreOptions,
    engine::{Engine, execute, fetch_one},
};

/// How long a connection may idle before it is tested when it is next used.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);

pub(crate) struct Inner {
    engine: Engine,
    changed: watch::Sender<Seq>,
}

impl Store {
    /// Opens `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. The file is created when it
    /// does not exist; the schema is not: see [`Store::migrate`].
    pub async fn connect(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        let engine = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Engine::Postgres(postgres(url, options).await?)
        } else if url.starts_with("sqlite:") {
            sqlite(url, options).await?
        } else {
            return Err(StoreError::Url(url.to_owned()));
        };
        let (changed, _) = watch::channel(0);
        Ok(Self {
            inner: Arc::new(Inner { engine, changed }),
        })
    }

    /// `sqlite` or `postgres`.
    pub fn engine_name(&self) -> &'static str {
        match self.engine() {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut db = self.read().await?;
        execute!(db, "select 1")?;
        Ok(())
    }

    /// What the database occupies.
    pub async fn size_bytes(&self) -> Result<u64, StoreError> {
        let mut db = self.read().await?;
        let statement = crate::engine::Sql {
            sqlite: "select page_count * page_size from pragma_page_count(), pragma_page_size()",
            postgres: "select pg_database_size(current_database())",
        };
        let (size,): (i64,) = fetch_one!(db, statement)?;
        Ok(size.unsigned_abs())
    }

    /// Closes every connection, after what they are doing now.
    pub async fn close(&self) {
        match self.engine() {
            Engine::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn changed(&self) -> &watch::Sender<Seq> {
        &self.inner.changed
    }
}

async fn postgres(url: &str, options: StoreOptions) -> Result<PgPool, StoreError> {
    let connect = PgConnectOptions::from_str(url)?.application_name("portico");
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections)
        // A round trip for every query is dear; a connection used just now is alive.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(
                async move { Ok(meta.idle_for < TRUSTED_IDLE || connection.ping().await.is_ok()) },
            )
        })
        .connect_with(connect)
        .await?;
    Ok(pool)
}

async fn sqlite(url: &str, options: StoreOptions) -> Result<Engine, StoreError> {
    let connect = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        // Documents are a few kB: larger pages waste less of each.
        .page_size(8192)
        .journal_mode(SqliteJournalMode::Wal)
        // With WAL, a power cut can lose the last commits but not damage the file.
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_secs(10))
        .foreign_keys(true)
        .pragma("journal_size_limit", "67108864")
        .pragma("temp_store", "memory");
    let memory = url.contains(":memory:");
    if !memory && let Some(folder) = connect.get_filename().parent() {
        create_folder(folder).await?;
    }
    let pool = |connections: u32| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    let writer = if memory {
        pool(1)
    } else {
        pool(1).before_acquire(|connection, _| {
            Box::pin(async move { Ok(has_no_transaction(connection).await) })
        })
    };
    let write = writer
        .connect_with(
            connect
                .clone()
                .pragma("cache_size", "-8192")
                .pragma("wal_autocheckpoint", "2000"),
        )
        .await?;
    // A database in memory belongs to its connection.
    let read = if memory {
        write.clone()
    } else {
        reader_pool(pool(options.max_connections.max(1)), connect).await?
    };
    Ok(Engine::Sqlite { read, write })
}

/// SQLite rolls a transaction back by itself when the disk is full, and the driver, whose own
/// rollback then fails, still counts one as open: nothing could begin on that connection again.
async fn has_no_transaction(connection: &mut SqliteConnection) -> bool {
    // A transaction that was dropped is rolled back by the time of the answer to a ping.
    !connection.is_in_transaction()
        || (connection.ping().await.is_ok() && !connection.is_in_transaction())
}

async fn reader_pool(
    pool: SqlitePoolOptions,
    connect: SqliteConnectOptions,
) -> Result<SqlitePool, StoreError> {
    Ok(pool
        // Each reader has a cache of its own; the operating system has a better one.
        .connect_with(
            connect
                .pragma("cache_size", "-1024")
                .pragma("query_only", "on"),
        )
        .await?)
}

async fn create_folder(folder: &Path) -> Result<(), StoreError> {
    tokio::fs::create_dir_all(folder)
        .await
        .map_err(|error| StoreError::Driver(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Tx;

    async fn run(store: &Store, statement: &'static str) -> Result<(), StoreError> {
        let mut tx = store.begin().await?;
        let Tx::Sqlite(inner) = &mut tx else {
            panic!("this is about SQLite");
        };
        sqlx::query(statement).execute(&mut **inner).await?;
        tx.commit().await
    }

    #[tokio::test]
    async fn writing_goes_on_once_a_full_disk_has_room_again() {
        let database = portico_testkit::Database::sqlite();
        let options = StoreOptions::default();
        let store = Store::connect(database.url(), options).await.unwrap();
        run(&store, "create table t (content blob)").await.unwrap();

        // The database may not grow: for SQLite that is a disk without room.
        run(&store, "pragma max_page_count = 1").await.unwrap();
        let full = run(&store, "insert into t values (zeroblob(1000000))").await;
        assert!(full.unwrap_err().to_string().contains("database"));

        // The new connection has no such limit.
        run(&store, "insert into t values (zeroblob(1000000))")
            .await
            .unwrap();
        store.close().await;
        database.remove().await;
    }
}
