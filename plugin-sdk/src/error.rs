//! What Portico answers when it does not do what it was asked.

/// Why Portico did not do what was asked. None of these ends the plugin: handle it, or pass it on
/// with `?`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Beyond what was granted; the text names the grant that is missing.
    #[error("not allowed: {0}")]
    Denied(String),
    /// What was named does not exist.
    #[error("not found: {0}")]
    NotFound(String),
    /// The question itself is wrong; the text says how.
    #[error("not possible: {0}")]
    Invalid(String),
    /// More than the limits of this plugin allow.
    #[error("too much: {0}")]
    TooMuch(String),
    /// It exists already, or has changed since it was read.
    #[error("in conflict: {0}")]
    Conflict(String),
    /// The other side did not answer, or not in time. Worth another try.
    #[error("not available: {0}")]
    Unavailable(String),
}

/// What capabilities return.
pub type HostResult<T> = Result<T, HostError>;
