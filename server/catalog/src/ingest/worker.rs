//! The loop: claim due sources, read them, follow the feed.

use std::{sync::Arc, time::Duration};

use portico_sources::FileWatch;
use portico_store::{ClaimedSource, Millis, SourceCommit, SourceKey, Store, UnchangedSource};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{read::Refreshed, schedule};
use crate::{Catalog, error::Result, now};

/// How long a claim holds. Renewed while work goes on; a killed process's claims end by this.
const LEASE: Duration = Duration::from_secs(30);

/// How many sources are read at a time.
const CONCURRENT_READS: usize = 16;

/// The longest sleep between looks at what is due, in case a wake-up was lost.
const MAX_SLEEP: Duration = Duration::from_secs(10);

/// How often old tombstones are forgotten.
const TIDY_INTERVAL: Duration = Duration::from_hours(1);

/// Feed positions whose tombstones stay: more than any living replica is behind. One
/// that comes back later reads everything anew.
const KEPT_TOMBSTONES: i64 = 100_000;

/// The pause after the database failed, before it is tried again.
const FAILURE_PAUSE: Duration = Duration::from_secs(2);

/// Keeps the catalog current until it is told to stop.
pub struct Ingestion {
    catalog: Catalog,
    /// This process's name on its leases.
    owner: String,
}

/// The reads in flight and what the finished ones left to do.
#[derive(Default)]
struct Work {
    tasks: JoinSet<(ClaimedSource, Result<Refreshed>)>,
    commits: Vec<SourceCommit>,
    unchanged: Vec<UnchangedSource>,
    edges_changed: bool,
}

impl Work {
    fn read(&mut self, catalog: Catalog, source: ClaimedSource, owner: String) {
        self.tasks.spawn(async move {
            let refreshed = catalog.refresh_source(&source, &owner).await;
            (source, refreshed)
        });
    }

    fn finished(
        &mut self,
        catalog: &Catalog,
        done: Result<(ClaimedSource, Result<Refreshed>), tokio::task::JoinError>,
    ) {
        match done {
            Ok((_, Ok(Refreshed::Changed(commit)))) => self.commits.push(*commit),
            Ok((source, Ok(Refreshed::Unchanged { fingerprint }))) => {
                let interval = catalog.interval_of(&source.origin);
                self.unchanged.push(UnchangedSource {
                    id: source.id,
                    next_read_at: schedule::next_read(now(), interval),
                    fingerprint,
                });
            }
            Ok((source, Ok(Refreshed::Later(at)))) => self.unchanged.push(UnchangedSource {
                id: source.id,
                next_read_at: at,
                fingerprint: None,
            }),
            Ok((source, Err(error))) => {
                let error = &error as &dyn std::error::Error;
                let source = source.key.to_string();
                tracing::warn!(source, error, "source not processed; its lease runs out");
            }
            Err(error) => tracing::error!(%error, "reading a source panicked; its lease runs out"),
        }
    }

    /// Writes what the finished reads brought, in one transaction.
    async fn commit(&mut self, store: &Store) -> Result<()> {
        if self.commits.is_empty() {
            return Ok(());
        }
        let summaries = store
            .commit_sources(std::mem::take(&mut self.commits))
            .await?;
        for summary in summaries.into_iter().flatten() {
            self.edges_changed |= summary.edges_changed;
            metrics::counter!("portico_entities_written_total", "change" => "added")
                .increment(summary.added as u64);
            metrics::counter!("portico_entities_written_total", "change" => "changed")
                .increment(summary.changed as u64);
            metrics::counter!("portico_entities_written_total", "change" => "removed")
                .increment(summary.removed as u64);
        }
        Ok(())
    }
}

impl Ingestion {
    /// An ingestion loop for `catalog`. Several processes may run one on the same database.
    pub fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            owner: Uuid::now_v7().to_string(),
        }
    }

    /// Takes over the configured roots, then reads what is due until `stop`.
    ///
    /// Work in flight when `stop` comes is finished; leases of the rest are given back.
    pub async fn run(self, stop: CancellationToken) {
        let this = Arc::new(self);
        let feed = tokio::spawn(Arc::clone(&this).follow_feed(stop.clone()));
        let watch = tokio::spawn(Arc::clone(&this).watch_files(stop.clone()));
        let tidy = tokio::spawn(Arc::clone(&this).tidy(stop.clone()));
        while !stop.is_cancelled() {
            let pause = match this.take_roots().await {
                Ok(()) => match this.read_due(&stop).await {
                    Ok(()) => break,
                    Err(error) => error,
                },
                Err(error) => error,
            };
            tracing::error!(
                error = &pause as &dyn std::error::Error,
                "ingestion failed; trying again"
            );
            tokio::select! {
                () = tokio::time::sleep(FAILURE_PAUSE) => {}
                () = stop.cancelled() => {}
            }
        }
        if let Err(error) = this.catalog.store().release_all(&this.owner).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "leases run out by themselves"
            );
        }
        let _ = feed.await;
        let _ = watch.await;
        let _ = tidy.await;
    }

    /// Forgets what no reader of the feed needs any more, now and then.
    async fn tidy(self: Arc<Self>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(TIDY_INTERVAL) => {}
                () = stop.cancelled() => return,
            }
            if let Err(error) = self.catalog.store().prune_tombstones(KEPT_TOMBSTONES).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "old tombstones stay for now");
            }
        }
    }

    /// Reads everything that is due now and what that brings, then returns. For the
    /// command line, tests and benchmarks.
    pub async fn run_until_idle(&self) -> Result<()> {
        self.take_roots().await?;
        self.drain_due(&mut Work::default(), &CancellationToken::new())
            .await
    }

    /// Makes the configured locations the `config` roots.
    async fn take_roots(&self) -> Result<()> {
        let roots: Vec<SourceKey> = self
            .catalog
            .config()
            .catalog
            .locations
            .iter()
            .map(|location| SourceKey {
                kind: location.kind.clone(),
                target: location.target.clone(),
            })
            .collect();
        let store = self.catalog.store();
        if store.sync_roots(roots, now()).await? {
            self.remove_unreachable().await?;
        }
        let again = store
            .make_due_unless_hashed_by(self.catalog.processing(), now())
            .await?;
        if again > 0 {
            tracing::info!(sources = again, "rules changed; sources are read again");
        }
        Ok(())
    }

    async fn read_due(&self, stop: &CancellationToken) -> Result<()> {
        let mut work = Work::default();
        while !stop.is_cancelled() {
            self.drain_due(&mut work, stop).await?;
            let pause = self.pause().await?;
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.catalog.ingestion_woken() => {}
                () = stop.cancelled() => {}
            }
        }
        Ok(())
    }

    async fn pause(&self) -> Result<Duration> {
        let now = now();
        let next = self
            .catalog
            .store()
            .next_due(now)
            .await?
            .unwrap_or(Millis::MAX);
        let wait = Duration::from_millis(u64::try_from(next.saturating_sub(now)).unwrap_or(0));
        Ok(wait.clamp(Duration::from_millis(20), MAX_SLEEP))
    }

    /// Reads sources side by side until none is due. A slow source holds up one reader,
    /// never the others. After `stop`, finishes what is in flight and claims no more.
    async fn drain_due(&self, work: &mut Work, stop: &CancellationToken) -> Result<()> {
        let store = self.catalog.store();
        loop {
            let room = CONCURRENT_READS - work.tasks.len();
            if room > 0 && !stop.is_cancelled() {
                let lease = LEASE.as_millis() as Millis;
                for source in store.claim_due(&self.owner, now(), lease, room).await? {
                    work.read(self.catalog.clone(), source, self.owner.clone());
                }
            }
            let renew = tokio::time::sleep(LEASE / 3);
            tokio::select! {
                done = work.tasks.join_next() => match done {
                    Some(done) => {
                        work.finished(&self.catalog, done);
                        while let Some(done) = work.tasks.try_join_next() {
                            work.finished(&self.catalog, done);
                        }
                        work.commit(store).await?;
                    }
                    None => break,
                },
                () = renew => {
                    let until = now() + LEASE.as_millis() as Millis;
                    store.renew_leases(&self.owner, until).await?;
                }
            }
        }
        let unchanged = std::mem::take(&mut work.unchanged);
        if !unchanged.is_empty() {
            store.touch_unchanged(unchanged, &self.owner, now()).await?;
        }
        if std::mem::take(&mut work.edges_changed) {
            self.remove_unreachable().await?;
        }
        self.catalog.follow().await?;
        Ok(())
    }

    async fn remove_unreachable(&self) -> Result<()> {
        let deletes = self.catalog.deletes_orphans();
        let removed = self
            .catalog
            .store()
            .remove_unreachable(deletes, now())
            .await?;
        if !removed.is_empty() {
            tracing::info!(
                count = removed.len(),
                "entities that no location holds any more"
            );
        }
        Ok(())
    }

    /// Follows other replicas' changes (and, on one process, its own).
    async fn follow_feed(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let mut feed = match self.catalog.store().listen().await {
                Ok(feed) => feed,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "feed not reachable"
                    );
                    tokio::select! {
                        () = tokio::time::sleep(FAILURE_PAUSE) => continue,
                        () = stop.cancelled() => return,
                    }
                }
            };
            loop {
                if let Err(error) = self.catalog.follow().await {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "feed not followed"
                    );
                }
                let heard = tokio::select! {
                    heard = tokio::time::timeout(MAX_SLEEP, feed.recv()) => heard,
                    () = stop.cancelled() => return,
                };
                if let Ok(Err(error)) = heard {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "feed lost; listening again"
                    );
                    break;
                }
            }
        }
    }

    /// Reads local files again as they change.
    async fn watch_files(self: Arc<Self>, stop: CancellationToken) {
        let targets: Vec<String> = self
            .catalog
            .config()
            .catalog
            .locations
            .iter()
            .filter(|location| location.kind == "file")
            .map(|location| location.target.clone())
            .collect();
        if targets.is_empty() {
            return;
        }
        let mut watch = match FileWatch::start(&targets) {
            Ok(watch) => watch,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "files are polled, not watched"
                );
                return;
            }
        };
        loop {
            let changes = tokio::select! {
                changes = watch.changes.recv() => changes,
                () = stop.cancelled() => return,
            };
            let Some(changes) = changes else { return };
            if let Err(error) = self.catalog.changed(&changes).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "file change not noticed"
                );
            }
        }
    }
}
