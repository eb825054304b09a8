//! The change feed: how each process keeps its read model current.

use sqlx::postgres::PgListener;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    Changes, Seq, Store, StoreError, StoredEntity,
    engine::{Engine, execute, fetch_all, fetch_one},
};

/// The PostgreSQL notification channel. The payload is the position.
pub(crate) const CHANNEL: &str = "portico_feed";

/// Entities in one chunk of [`Store::load_all`].
const CHUNK: i64 = 250;

/// Wakes when something was committed, by this or (PostgreSQL) any other process.
#[derive(Debug)]
pub struct FeedListener {
    store: Store,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Local(watch::Receiver<Seq>),
    Postgres(Box<PgListener>),
}

impl FeedListener {
    /// Waits for the next commit and returns its position. Several commits may be told as
    /// one. After a lost connection it answers at once, for notifications may be missing.
    pub async fn recv(&mut self) -> Result<Seq, StoreError> {
        match &mut self.source {
            Source::Local(receiver) => {
                // The sender lives in the store this listener holds.
                receiver
                    .changed()
                    .await
                    .map_err(|_| sqlx::Error::PoolClosed)?;
                Ok(*receiver.borrow_and_update())
            }
            Source::Postgres(listener) => {
                let notification = listener.try_recv().await?;
                match notification.and_then(|told| told.payload().parse().ok()) {
                    Some(seq) => Ok(seq),
                    None => self.store.current_seq().await,
                }
            }
        }
    }
}

impl Store {
    /// The position of the last committed change.
    pub async fn current_seq(&self) -> Result<Seq, StoreError> {
        let mut db = self.read().await?;
        let (seq,): (Seq,) = fetch_one!(db, "select seq from feed")?;
        Ok(seq)
    }

    /// What changed after `seq`. About `limit` rows, never part of a transaction; the caller
    /// asks again from the position reached until it no longer moves. Apply `removed` before
    /// `upserted`: a ref removed and added again is in both, with two ids.
    pub async fn changes_since(&self, seq: Seq, limit: usize) -> Result<Changes, StoreError> {
        let mut db = self.read().await?;
        let (last, pruned): (Seq, Seq) = fetch_one!(db, "select seq, pruned from feed")?;
        if seq < pruned || seq > last {
            return Ok(Changes {
                seq,
                reload: true,
                ..Changes::default()
            });
        }
        if seq == last {
            return Ok(Changes {
                seq,
                ..Changes::default()
            });
        }
        // Rows only ever move to positions after every committed one, so what is at or below
        // this bound can vanish between the statements but nothing can appear there.
        let (reached,): (Option<Seq>,) = fetch_one!(
            db,
            "select max(seq) from (
                 select seq from (select seq from entity where seq > $1
                                  order by seq limit $2) as changed
                 union all
                 select seq from (select seq from tombstone where seq > $1
                                  order by seq limit $2) as gone
                 order by seq limit $2
             ) as page",
            seq,
            limit as i64
        )?;
        let Some(reached) = reached else {
            return Ok(Changes {
                seq,
                ..Changes::default()
            });
        };
        let upserted: Vec<StoredEntity> = fetch_all!(
            db,
            "select id, entity_ref, document, hash, problems, orphan, source_id, seq
             from entity where seq > $1 and seq <= $2 order by seq, id",
            seq,
            reached
        )?;
        let removed: Vec<(Uuid, String)> = fetch_all!(
            db,
            "select entity_id, entity_ref from tombstone
             where seq > $1 and seq <= $2 order by seq, entity_id",
            seq,
            reached
        )?;
        Ok(Changes {
            upserted,
            removed,
            seq: reached,
            reload: false,
        })
    }

    /// Hands every entity to `each`, in chunks ordered by id, and returns the position to
    /// follow from. It is no snapshot: [`Store::changes_since`] that position completes it.
    pub async fn load_all(
        &self,
        mut each: impl FnMut(Vec<StoredEntity>) + Send,
    ) -> Result<Seq, StoreError> {
        let seq = self.current_seq().await?;
        let fetch = |after: Uuid| {
            let store = self.clone();
            tokio::spawn(async move { store.chunk(after).await })
        };
        let mut next = fetch(Uuid::nil());
        loop {
            let chunk = next.await.map_err(|_| sqlx::Error::WorkerCrashed)??;
            let Some(last) = chunk.last() else {
                return Ok(seq);
            };
            // The next chunk is read while the caller works on this one.
            next = fetch(last.id);
            each(chunk);
        }
    }

    /// Follows commits.
    pub async fn listen(&self) -> Result<FeedListener, StoreError> {
        let source = match self.engine() {
            Engine::Sqlite { .. } => Source::Local(self.changed().subscribe()),
            Engine::Postgres(pool) => {
                let mut listener = PgListener::connect_with(pool).await?;
                listener.listen(CHANNEL).await?;
                Source::Postgres(Box::new(listener))
            }
        };
        Ok(FeedListener {
            store: self.clone(),
            source,
        })
    }

    /// Forgets tombstones but those of the last `keep` positions. A reader further behind is
    /// told to reload.
    pub async fn prune_tombstones(&self, keep: Seq) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let (last,): (Seq,) = fetch_one!(write, "select seq from feed")?;
        let bound = last - keep;
        let pruned = execute!(write, "delete from tombstone where seq <= $1", bound)?;
        if pruned > 0 {
            execute!(write, "update feed set pruned = $1", bound)?;
        }
        write.commit(self).await?;
        Ok(pruned)
    }

    async fn chunk(&self, after: Uuid) -> Result<Vec<StoredEntity>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            "select id, entity_ref, document, hash, problems, orphan, source_id, seq
             from entity where id > $1 order by id limit $2",
            after,
            CHUNK
        )?)
    }
}
