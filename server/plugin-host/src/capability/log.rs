//! `log`: lines in the log of the call.

use crate::bindings::portico::plugin::log::{Host, Level};
use crate::log::LogLevel;
use crate::store::CallState;

impl Host for CallState {
    fn write(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        let level = match level {
            Level::Debug => LogLevel::Debug,
            Level::Info => LogLevel::Info,
            Level::Warn => LogLevel::Warn,
            Level::Error => LogLevel::Error,
        };
        self.log.write(level, &message);
        Ok(())
    }
}
