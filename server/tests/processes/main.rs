//! The real binary, started, killed and doubled.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a broken expectation must fail the test"
)]

mod dry_run;
mod edge;
mod fields;
mod golden_path;
mod import;
mod killed;
mod organisation;
mod plugins;
mod portal;
mod providers;
mod registry;
mod replicas;
mod secrets;
mod shutdown;
mod submit;
mod tasks;
