//! Active providers, as the catalog reads them: what changed since the last pass, or all of it.
//!
//! What a provider brought last and where it may go on are kept by the catalog, in one transaction
//! with the entities. So a pass that was lost half-way is made again, and never skipped.

mod held;
mod mark;
mod pass;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use portico_catalog::{EntityProviders, Provided};
use portico_plugin_host::{Batch, CallContext, CallError, Digest, Plugin, Position};
use portico_sources::ReadError;

use self::{
    held::Held,
    mark::Mark,
    pass::{Broken, pass},
};
use crate::{Plugins, Running, now};

/// Passes of one provider are no closer than this, whatever its limits say.
const LEAST_INTERVAL: Duration = Duration::from_secs(1);

pub(crate) struct Provider(pub(crate) Plugins);

#[async_trait]
impl EntityProviders for Provider {
    async fn read(&self, id: &str, last: Option<Provided>) -> Result<Provided, ReadError> {
        let (plugin, made_from) = self.running(id)?;
        let last = last.and_then(|last| {
            let mark = Mark::parse(last.checkpoint.as_deref()?)?;
            let since = mark.since_of(made_from, now())?;
            Some((since, mark.complete_at, Held::parse(&last.text)))
        });
        let read = |position| call(self.0.clone(), Arc::clone(&plugin), position);
        if let Some((since, complete_at, held)) = last {
            match pass(held, Position::Since(since), read).await {
                Ok((held, since)) => {
                    return Ok(provided(&held, &Mark::new(made_from, complete_at, since)));
                }
                Err(Broken::Call(error)) if is_busy(&error) => return Err(refused(id, &error)),
                // A checkpoint may be too old for whoever gave it.
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(
                        plugin = id,
                        error,
                        "a complete pass instead of what changed"
                    );
                }
            }
        }
        let began = now();
        match pass(Held::default(), Position::Start, read).await {
            Ok((held, since)) => Ok(provided(&held, &Mark::new(made_from, began, since))),
            Err(Broken::Call(error)) => Err(refused(id, &error)),
            Err(error) => Err(failed(id, &error)),
        }
    }

    fn interval(&self, id: &str) -> Option<Duration> {
        let (plugin, _) = self.running(id).ok()?;
        let interval = plugin.limits().pass_interval_ms?;
        Some(Duration::from_millis(interval).max(LEAST_INTERVAL))
    }
}

impl Provider {
    /// The plugin, and the digest of everything it is made from.
    fn running(&self, id: &str) -> Result<(Arc<Plugin>, Digest), ReadError> {
        if let Some(Running::Ready { plugin, made_from }) = self.0.0.running.read().get(id) {
            return Ok((Arc::clone(plugin), Digest::of(made_from.as_bytes())));
        }
        match self.0.running(id) {
            // Became ready just now.
            Ok(plugin) => Err(failed(id, &format!("{:?} is starting", plugin.key()))),
            Err(error) => Err(failed(id, &error)),
        }
    }
}

/// One call; of its own, so that it does not matter which thread it ends on.
async fn call(
    plugins: Plugins,
    plugin: Arc<Plugin>,
    position: Position,
) -> Result<Batch, CallError> {
    let context = CallContext::default();
    let outcome = plugins.host().call_provider(&plugin, context, position);
    outcome.await.result
}

fn provided(held: &Held, mark: &Mark) -> Provided {
    Provided {
        text: held.text(),
        checkpoint: Some(mark.text()),
    }
}

fn failed(id: &str, reason: &impl ToString) -> ReadError {
    ReadError::Failed {
        target: format!("plugin:{id}"),
        reason: reason.to_string(),
    }
}

fn is_busy(error: &CallError) -> bool {
    matches!(
        error,
        CallError::Busy { .. } | CallError::Quarantined { .. }
    )
}

fn refused(id: &str, error: &CallError) -> ReadError {
    match error {
        CallError::Busy { retry_after }
        | CallError::Quarantined {
            retry_after: Some(retry_after),
            ..
        } => ReadError::RateLimited {
            target: format!("plugin:{id}"),
            host: "the sandbox".to_owned(),
            retry_at: std::time::SystemTime::now() + *retry_after,
        },
        error => failed(id, error),
    }
}
