//! The sandbox from outside: components in text form, run in the real thing.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail like the tests themselves"
)]

mod attacks;
mod calls;
mod grants;
mod guests;
mod intake;
mod lifecycle;
mod peers;
mod providers;
