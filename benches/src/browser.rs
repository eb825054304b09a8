//! The catalog page as a browser sees it.

use std::process::Command;

use anyhow::{Result, bail};

use crate::Args;

/// Rows of figures of the browser: what, and the figure. None without a script.
pub(crate) fn visits(args: &Args, port: u16) -> Result<Vec<Vec<String>>> {
    let Some(script) = &args.browser else {
        return Ok(Vec::new());
    };
    let output = Command::new("node")
        .arg(script)
        .arg(format!("http://127.0.0.1:{port}"))
        .output()?;
    if !output.status.success() {
        bail!(
            "{}: {}",
            script.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let cells = printed.lines().map(|line| {
        let cells = line.trim_matches('|').split(" | ");
        cells.map(|cell| cell.trim().to_owned()).collect()
    });
    Ok(cells.collect())
}
