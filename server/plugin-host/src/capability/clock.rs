//! `clock`: what time it is, to the millisecond: too coarse to measure others by.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::bindings::portico::plugin::clock::Host;
use crate::store::CallState;

impl Host for CallState {
    fn now(&mut self) -> wasmtime::Result<u64> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(since.unwrap_or(Duration::ZERO).as_millis() as u64)
    }
}
