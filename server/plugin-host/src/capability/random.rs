//! `random`: bytes of the system's generator.

use rand::TryRng as _;
use rand::rngs::SysRng;

use crate::bindings::portico::plugin::random::Host;
use crate::store::CallState;

/// As the contract says.
const MAX_BYTES: u32 = 4_096;

impl Host for CallState {
    fn bytes(&mut self, count: u32) -> wasmtime::Result<Vec<u8>> {
        let mut bytes = vec![0; count.min(MAX_BYTES) as usize];
        SysRng.try_fill_bytes(&mut bytes)?;
        Ok(bytes)
    }
}
