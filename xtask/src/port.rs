//! Ports of this machine.

use std::net::TcpListener;

use anyhow::{Context, Result};

/// A port that nothing listens on.
pub fn free() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
    Ok(listener.local_addr()?.port())
}
