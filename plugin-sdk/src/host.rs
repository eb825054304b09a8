//! What the capability modules call: Portico, or a mock of it.

#[cfg(target_family = "wasm")]
pub mod glue;
#[cfg(target_family = "wasm")]
mod portico;

#[cfg(not(target_family = "wasm"))]
pub(crate) use crate::mock::calls::*;
#[cfg(target_family = "wasm")]
pub(crate) use portico::*;
