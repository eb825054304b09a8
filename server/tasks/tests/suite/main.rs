//! Tasks over real databases, repositories and catalogs, on both engines.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a fixture that cannot be made is a failed test"
)]

mod approvals;
mod azure;
mod changes;
mod contoso;
mod credentials;
mod drafts;
mod dry_runs;
mod github;
mod hosts;
mod leases;
mod pickable;
mod refusals;
mod repositories;
mod runs;
mod secrets;
mod support;
