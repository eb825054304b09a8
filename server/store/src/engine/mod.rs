//! The two engines behind one face.
//!
//! A connection is a [`Conn`], whichever engine it is of; the statement macros
//! (`fetch_all!`, `execute!`, …) run one SQL text on it. `$1` placeholders bind
//! on both engines, so most statements need nothing else; the few places where
//! the dialects differ are named pieces of [`sql!`]. Bulk writes of documents,
//! where speed needs each engine's own way, are in [`bulk`].

pub(crate) mod bulk;
mod statement;
mod write;

use sqlx::{
    PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
    pool::PoolConnection,
};

pub(crate) use statement::{
    Sql, execute, fetch_all, fetch_one, fetch_optional, json, run, sql, storable,
};
pub(crate) use write::Write;

use crate::{Store, StoreError};

/// The pools of one database.
#[derive(Debug)]
pub(crate) enum Engine {
    /// One writer, several readers (WAL lets them work side by side).
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// A borrowed connection of either engine.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// Lends it on, so that the statement macros run on a `Conn` too.
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }
}

/// A pooled connection for reading.
pub(crate) enum Read {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Read {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }
}

/// A transaction. Rolled back when dropped before [`Tx::commit`].
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(tx) => Conn::Sqlite(tx),
            Self::Postgres(tx) => Conn::Postgres(tx),
        }
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

impl Store {
    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<Read, StoreError> {
        Ok(match self.engine() {
            Engine::Sqlite { read, .. } => Read::Sqlite(read.acquire().await?),
            Engine::Postgres(pool) => Read::Postgres(pool.acquire().await?),
        })
    }

    /// A transaction that does not touch entities or several sources (see [`Store::write`]).
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self.engine() {
            // Immediate: a deferred transaction that turns into a writer half-way can fail.
            Engine::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("begin immediate").await?),
            Engine::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }
}
