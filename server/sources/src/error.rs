//! Why a source cannot be read: what, where, and what to do about it.

use std::time::{Duration, SystemTime};

use portico_integrations::HostError;

/// A failed read. Every message names the target and the fix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The host answered, and there is nothing there.
    #[error("{target} does not exist; {hint}")]
    NotFound {
        /// What was read.
        target: String,
        /// What to check.
        hint: String,
    },
    /// The host or Portico's own rules refuse.
    #[error("{target} may not be read; {fix}")]
    Denied {
        /// What was read.
        target: String,
        /// Which configuration key or permission to change.
        fix: String,
    },
    /// The host asks to come back later.
    #[error("{target} was not read: {host} limits the rate of requests; Portico tries again by itself{}", wait(.retry_at))]
    RateLimited {
        /// What was read.
        target: String,
        /// The host that limits.
        host: String,
        /// When to try again.
        retry_at: SystemTime,
    },
    /// More bytes than Portico reads.
    #[error("{target} is larger than {limit_bytes} bytes; split the file")]
    TooLarge {
        /// What was read.
        target: String,
        /// The limit.
        limit_bytes: u64,
    },
    /// No complete answer in time.
    #[error("{target} did not answer within {} s; check that the host can be reached from here", .after.as_secs())]
    Timeout {
        /// What was read.
        target: String,
        /// The limit.
        after: Duration,
    },
    /// The target is not one that Portico understands.
    #[error("\"{target}\" cannot be read: {reason}")]
    Invalid {
        /// What was to be read.
        target: String,
        /// What is wrong, and the right form.
        reason: String,
    },
    /// Anything else: a connection refused, a server error, a broken disk.
    #[error("{target} could not be read: {reason}")]
    Failed {
        /// What was read.
        target: String,
        /// What happened.
        reason: String,
    },
}

impl From<HostError> for ReadError {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Denied { target, fix } => Self::Denied { target, fix },
            HostError::RateLimited {
                target,
                host,
                retry_at,
            } => Self::RateLimited {
                target,
                host,
                retry_at,
            },
            HostError::TooLarge {
                target,
                limit_bytes,
            } => Self::TooLarge {
                target,
                limit_bytes,
            },
            HostError::Timeout { target, after } => Self::Timeout { target, after },
            HostError::Invalid { target, reason } => Self::Invalid { target, reason },
            HostError::Failed { target, reason } => Self::Failed { target, reason },
        }
    }
}

impl ReadError {
    /// When the host asked to come back, if it did.
    pub fn retry_at(&self) -> Option<SystemTime> {
        match self {
            Self::RateLimited { retry_at, .. } => Some(*retry_at),
            _ => None,
        }
    }

    pub(crate) fn invalid(target: &str, reason: impl Into<String>) -> Self {
        Self::Invalid {
            target: target.to_owned(),
            reason: reason.into(),
        }
    }

    pub(crate) fn failed(target: &str, reason: impl std::fmt::Display) -> Self {
        Self::Failed {
            target: target.to_owned(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn denied(target: &str, fix: impl Into<String>) -> Self {
        Self::Denied {
            target: target.to_owned(),
            fix: fix.into(),
        }
    }

    pub(crate) fn not_found(target: &str, hint: impl Into<String>) -> Self {
        Self::NotFound {
            target: target.to_owned(),
            hint: hint.into(),
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
