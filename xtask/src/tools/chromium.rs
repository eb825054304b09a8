//! The browser of the browser tests.

use std::{env, path::PathBuf, time::Duration};

use anyhow::{Result, bail};

use super::{Tools, apt};
use crate::{
    process,
    steps::{done, step},
};

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// A browser's executable; `None` when Playwright has downloaded its own.
pub fn ensure(tools: &Tools) -> Result<Option<PathBuf>> {
    if let Some(chosen) = env::var_os("PORTICO_CHROMIUM").map(PathBuf::from) {
        if !chosen.is_file() {
            bail!(
                "PORTICO_CHROMIUM names {}, which is not a file",
                chosen.display()
            );
        }
        return Ok(Some(chosen));
    }
    if let Some(browser) = find(tools) {
        done("Chromium", browser.display());
        return Ok(Some(browser));
    }
    if apt::install(tools, &["chromium"]).is_ok()
        && let Some(browser) = find(tools)
    {
        return Ok(Some(browser));
    }
    let download = step("Downloading Chromium with Playwright", || {
        let mut command = tools.command("playwright");
        process::run_within(
            Duration::from_mins(5),
            command.args(["install", "chromium"]),
        )
    });
    if download.is_err() {
        bail!(
            "Chromium is missing: install it (on Debian: `apt-get install chromium`), or set \
             PORTICO_CHROMIUM to the executable of a Chromium that is installed elsewhere"
        );
    }
    Ok(None)
}

fn find(tools: &Tools) -> Option<PathBuf> {
    NAMES.iter().find_map(|name| tools.find(name))
}
