//! The versions of the Rust tools. Those of npm's are in `package.json`.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace;

/// Builds the site.
pub const CARGO_LEPTOS: &str = "0.3.11";

/// Checks licences, sources and advisories.
pub const CARGO_DENY: &str = "0.20.2";

/// wasm-bindgen's command must be of exactly the version of the library we link.
pub fn wasm_bindgen() -> Result<String> {
    let file = workspace::root().join("Cargo.lock");
    let lock = fs::read_to_string(&file).context("cannot read Cargo.lock")?;
    locked(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")
}

fn locked(lock: &str, package: &str) -> Option<String> {
    let (_, entry) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    entry.split_once('"').map(|(version, _)| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked(lock, "absent"), None);
    }
}
