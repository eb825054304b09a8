//! The API as its clients meet it: requests in, answers out, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::unused_self,
    reason = "helpers of tests fail like the tests themselves"
)]

mod access;
mod attacks;
mod audit;
mod entities;
mod git;
mod golden;
mod hidden;
mod locations;
mod oidc;
mod operations;
mod portal_requests;
mod removal;
mod scaffolder;
mod scm;
mod search;
mod sessions;
mod settings;
mod strangers;
mod support;
mod tokens;
mod validation;
mod visibility;
mod webhooks;
