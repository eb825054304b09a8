//! The loop that claims tasks, keeps their leases, and lets go when the process stops.

use std::{collections::HashMap, time::Instant};

use portico_store::{ClaimedTask, HeldTask};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Tasks, now, run::Control};

/// A task, and the token of its lease: one that was lost and claimed again is another run.
type Lease = (Uuid, i64);

/// What runs in this process.
struct Worker {
    tasks: Tasks,
    running: JoinSet<Lease>,
    held: HashMap<Lease, Control>,
    /// When the leases were last known to hold.
    renewed: Instant,
}

impl Tasks {
    /// Runs tasks until `stop`: then steps that run may end for a while, and what is left is
    /// given to other replicas.
    pub async fn run(self, stop: CancellationToken) {
        let worker = Worker {
            tasks: self.clone(),
            running: JoinSet::new(),
            held: HashMap::new(),
            renewed: Instant::now(),
        };
        let janitor = tokio::spawn(self.clone().keep_clean());
        if self.options().concurrency == 0 {
            stop.cancelled().await;
        } else {
            worker.run(&stop).await;
        }
        self.0.closing.cancel();
        janitor.abort();
    }
}

impl Worker {
    async fn run(mut self, stop: &CancellationToken) {
        let mut look = interval(self.tasks.options().look_every);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let tasks = self.tasks.clone();
        while !stop.is_cancelled() {
            self.claim().await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = tasks.0.woken.notified() => {}
                _ = look.tick() => self.renew().await,
                Some(done) = self.running.join_next(), if !self.running.is_empty() => {
                    self.ended(done.ok());
                }
            }
        }
        // Followers of this process may let go while its tasks end.
        self.tasks.0.closing.cancel();
        self.drain().await;
    }

    /// Claims as many tasks as there is room for.
    async fn claim(&mut self) {
        let lease = self.tasks.options().lease.as_millis() as i64;
        while self.running.len() < self.tasks.options().concurrency {
            let claimed = self
                .tasks
                .store()
                .claim_task(&self.tasks.0.owner, now(), lease)
                .await;
            match claimed {
                Ok(Some(claim)) => self.spawn(claim),
                Ok(None) => return,
                Err(error) => {
                    tracing::warn!(%error, "no task can be claimed; trying again");
                    return;
                }
            }
        }
    }

    fn spawn(&mut self, claim: ClaimedTask) {
        if self.held.is_empty() {
            self.renewed = Instant::now();
        }
        let control = Control::default();
        let tasks = self.tasks.clone();
        let lease = (claim.id, claim.token);
        let cancel = (claim.token, control.cancel.clone());
        tasks.0.running.lock().insert(claim.id, cancel);
        self.held.insert(lease, control.clone());
        self.running.spawn(async move {
            tasks.run_claimed(claim, &control).await;
            lease
        });
    }

    /// `None` for one that was aborted, which happens at the very end alone.
    fn ended(&mut self, lease: Option<Lease>) {
        let Some((id, token)) = lease else { return };
        self.held.remove(&(id, token));
        let mut running = self.tasks.0.running.lock();
        if running.get(&id).is_some_and(|(it, _)| *it == token) {
            running.remove(&id);
        }
    }

    /// Extends the leases, and hears what was decided on other replicas.
    async fn renew(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let lease = self.tasks.options().lease;
        let ids: Vec<Uuid> = self.held.keys().map(|(id, _)| *id).collect();
        let renewed = self
            .tasks
            .store()
            .renew_task_leases(&self.tasks.0.owner, &ids, now(), lease.as_millis() as i64)
            .await;
        match renewed {
            Ok(held) => {
                self.renewed = Instant::now();
                self.compare(&held);
            }
            Err(error) => {
                tracing::warn!(%error, "the leases of tasks are not renewed");
                if self.renewed.elapsed() > lease {
                    // Others may have them by now.
                    self.compare(&[]);
                }
            }
        }
    }

    fn compare(&self, held: &[HeldTask]) {
        for (&(id, token), control) in &self.held {
            let row = held.iter().find(|it| it.id == id && it.token == token);
            match row {
                None => control.lost.cancel(),
                Some(row) if row.cancel_requested => control.cancel.cancel(),
                Some(_) => {}
            }
        }
    }

    /// Lets steps end for a while, then gives back what is left.
    async fn drain(&mut self) {
        for control in self.held.values() {
            control.drain.cancel();
        }
        let grace = self.tasks.options().grace;
        let mut look = interval(self.tasks.options().look_every);
        let waiting = async {
            loop {
                tokio::select! {
                    done = self.running.join_next() => match done {
                        None => return,
                        Some(done) => self.ended(done.ok()),
                    },
                    _ = look.tick() => self.renew().await,
                }
            }
        };
        if timeout(grace, waiting).await.is_err() {
            tracing::info!(
                tasks = self.held.len(),
                "steps are interrupted; other replicas begin them again"
            );
        }
        self.running.shutdown().await;
        for (id, token) in self.held.keys() {
            if let Err(error) = self.tasks.store().release_task(*id, *token).await {
                tracing::warn!(task = %id, %error, "a task is not given back");
            }
        }
    }
}
