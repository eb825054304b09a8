//! What errors of services mean to whoever called, whichever edge they came by.

use crate::Denied;

/// What an error means to its caller. Edges have one answer for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Nobody is signed in, and signing in could help.
    SignedOut,
    /// They may not do this.
    Denied,
    /// It is not there, or they may not know that it is.
    NotFound,
    /// What they sent is not acceptable.
    Invalid,
    /// What they sent does not go together with what is there.
    Conflict,
    /// What they handed in was looked at, and is refused.
    Refused,
    /// Another host did not do its part.
    Upstream,
    /// A part of this server does not answer. Worth another try.
    Unavailable,
    /// A fault of this server.
    Internal,
}

impl FailureKind {
    /// Whether it is about the inside of the server: for its log, and for nobody else.
    pub fn is_inside(self) -> bool {
        matches!(self, Self::Unavailable | Self::Internal)
    }
}

/// An error of a service.
pub trait Failure: std::error::Error {
    /// What it means to the caller.
    fn kind(&self) -> FailureKind;

    /// The refusal, when it is one.
    fn denied(&self) -> Option<&Denied> {
        None
    }

    /// What callers are told: nothing of the inside of the server.
    fn told(&self) -> String {
        match self.kind() {
            FailureKind::Unavailable => {
                "the database does not answer; the server's log has the details under this \
                 request's id"
                    .to_owned()
            }
            FailureKind::Internal => {
                "something failed inside the server; its log has the details under this \
                 request's id"
                    .to_owned()
            }
            _ => self.to_string(),
        }
    }
}

impl Failure for Denied {
    fn kind(&self) -> FailureKind {
        match self.anonymous {
            true => FailureKind::SignedOut,
            false => FailureKind::Denied,
        }
    }

    fn denied(&self) -> Option<&Denied> {
        Some(self)
    }
}
