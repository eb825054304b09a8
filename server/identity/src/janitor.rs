//! Removes what has ended: sessions at once, tokens after a while, so that their holders see why
//! something does not work any more.

use std::time::Duration;

use portico_store::Millis;

use crate::{Identity, Result, now};

/// How often it looks.
const EVERY: Duration = Duration::from_mins(5);

/// How long ended tokens are kept.
const TOKENS_KEPT: Millis = 30 * 24 * 3_600_000;

impl Identity {
    /// Removes what has ended, now and then, for as long as it is polled.
    pub async fn keep_clean(self) {
        loop {
            if let Err(error) = self.clean_up(now()).await {
                tracing::warn!(%error, "old sessions are not removed; trying again later");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Removes what has ended by `now`, in milliseconds since the Unix epoch: how many sessions,
    /// and how many tokens.
    pub async fn clean_up(&self, now: Millis) -> Result<(u64, u64)> {
        let sessions = self.store().prune_sessions(now).await?;
        let tokens = self.store().prune_tokens(now - TOKENS_KEPT).await?;
        if sessions > 0 || tokens > 0 {
            tracing::info!(sessions, tokens, "removed what has ended");
        }
        Ok((sessions, tokens))
    }
}
