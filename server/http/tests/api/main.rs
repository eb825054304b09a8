//! The API as its clients meet it: requests in, answers out, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::unused_self,
    reason = "helpers of tests fail like the tests themselves"
)]

mod access;
mod entities;
mod git;
mod golden;
mod locations;
mod operations;
mod scaffolder;
mod scm;
mod search;
mod settings;
mod support;
mod validation;
mod webhooks;
