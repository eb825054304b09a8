//! Why a host could not be asked.

use std::time::{Duration, SystemTime};

/// A call that got no answer, or one that says "come back later". Every message names what was
/// asked for and the fix; none holds a credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The host or Portico's own rules refuse.
    #[error("{target}: {fix}")]
    Denied {
        /// What was asked for.
        target: String,
        /// Which configuration key or permission to change.
        fix: String,
    },
    /// The host asks to come back later.
    #[error("{target}: {host} limits the rate of requests; try again{}", wait(.retry_at))]
    RateLimited {
        /// What was asked for.
        target: String,
        /// The host that limits.
        host: String,
        /// When to try again.
        retry_at: SystemTime,
    },
    /// More bytes than Portico reads.
    #[error("{target} is larger than {limit_bytes} bytes")]
    TooLarge {
        /// What was asked for.
        target: String,
        /// The limit.
        limit_bytes: u64,
    },
    /// No complete answer in time.
    #[error("{target} did not answer within {} s; check that the host can be reached from here", .after.as_secs())]
    Timeout {
        /// What was asked for.
        target: String,
        /// The limit.
        after: Duration,
    },
    /// The address or the configuration is wrong.
    #[error("{target}: {reason}")]
    Invalid {
        /// What was asked for.
        target: String,
        /// What is wrong, and the right form.
        reason: String,
    },
    /// Anything else: a connection refused, a server error.
    #[error("{target}: {reason}")]
    Failed {
        /// What was asked for.
        target: String,
        /// What happened.
        reason: String,
    },
}

impl HostError {
    /// When the host asked to come back, if it did.
    pub fn retry_at(&self) -> Option<SystemTime> {
        match self {
            Self::RateLimited { retry_at, .. } => Some(*retry_at),
            _ => None,
        }
    }

    /// The address or the configuration is wrong.
    pub fn invalid(target: &str, reason: impl Into<String>) -> Self {
        Self::Invalid {
            target: target.to_owned(),
            reason: reason.into(),
        }
    }

    /// Something went wrong on the way.
    pub fn failed(target: &str, reason: impl std::fmt::Display) -> Self {
        Self::Failed {
            target: target.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// The host or a rule refuses.
    pub fn denied(target: &str, fix: impl Into<String>) -> Self {
        Self::Denied {
            target: target.to_owned(),
            fix: fix.into(),
        }
    }
}

fn wait(retry_at: &SystemTime) -> String {
    match retry_at.duration_since(SystemTime::now()) {
        Ok(left) if left.as_secs() >= 120 => format!(" in {} minutes", left.as_secs() / 60),
        Ok(left) => format!(" in {} s", left.as_secs().max(1)),
        Err(_) => String::new(),
    }
}
