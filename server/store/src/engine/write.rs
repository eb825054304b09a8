//! The transaction of a writer that others follow through the feed.

use super::{Conn, Engine, Tx, execute, fetch_one, sql};
use crate::{Seq, Store, StoreError, error::expect_rows, feed::CHANNEL};

/// A transaction that holds the feed row.
///
/// Whoever changes entities, or more than one source, works in one of these.
/// Holding the row from the start makes such writers take turns: positions are
/// committed in order, a check ("does another source hold this ref?") stays
/// true until the commit, and writers cannot deadlock over source rows.
pub(crate) struct Write {
    tx: Tx,
    last: Seq,
    advanced: bool,
}

impl Write {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        self.tx.conn()
    }

    /// The position of this transaction's changes. Asking for it means that there are some.
    pub(crate) fn seq(&mut self) -> Seq {
        self.advanced = true;
        self.last + 1
    }

    /// The position, when anything asked for it.
    pub(crate) fn changed(&self) -> Option<Seq> {
        self.advanced.then_some(self.last + 1)
    }

    /// Commits, and tells those who follow the feed.
    pub(crate) async fn commit(mut self, store: &Store) -> Result<(), StoreError> {
        let changed = self.changed();
        if let Some(seq) = changed {
            let rows = execute!(self, "update feed set seq = $1", seq)?;
            expect_rows("advancing the feed", 1, rows)?;
            if let Conn::Postgres(conn) = self.conn() {
                sqlx::query("select pg_notify($1, $2)")
                    .bind(CHANNEL)
                    .bind(seq.to_string())
                    .execute(conn)
                    .await?;
            }
        }
        self.tx.commit().await?;
        if let (Some(seq), Engine::Sqlite { .. }) = (changed, store.engine()) {
            store.changed().send_replace(seq);
        }
        Ok(())
    }
}

impl Store {
    /// Begins a transaction that holds the feed row.
    pub(crate) async fn write(&self) -> Result<Write, StoreError> {
        let mut tx = self.begin().await?;
        let (last,): (Seq,) = fetch_one!(tx, sql!["select seq from feed" FOR_UPDATE])?;
        Ok(Write {
            tx,
            last,
            advanced: false,
        })
    }
}
