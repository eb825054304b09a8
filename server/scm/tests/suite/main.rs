//! Source control through its public interface, on both databases, with real git.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod azure;
mod change_requests;
mod concurrency;
mod creating;
mod github;
mod hostile;
mod interrupted;
mod ownership;
mod reading;
mod support;
