//! `config`: what the platform team set.

use crate::bindings::portico::plugin::config::Host;
use crate::store::CallState;

impl Host for CallState {
    fn get(&mut self) -> wasmtime::Result<String> {
        Ok(self.plugin.config.clone())
    }
}
