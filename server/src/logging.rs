//! What goes to standard error.

mod one_line;

use std::io::IsTerminal as _;

use one_line::OneLine;
use portico_config::{LogFormat, LoggingConfig};
use tracing_subscriber::EnvFilter;

/// Without `PORTICO_LOG`: what an operator wants to see, and of libraries only warnings.
const DEFAULT_FILTER: &str = "warn,portico=info,portico_catalog=info,portico_http=info,\
    portico_sources=info,portico_tasks=info,\
    portico_store=info,portico_config=info,portico::audit=info";

/// Without audit events: they are in the database.
const NO_AUDIT: &str = "portico::audit=off";

/// Starts logging. Later calls change nothing.
pub(crate) fn start(config: &LoggingConfig) {
    let filter =
        EnvFilter::try_from_env("PORTICO_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let filter = match NO_AUDIT.parse() {
        Ok(directive) if !config.audit => filter.add_directive(directive),
        _ => filter,
    };
    let colours = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours);
    // A second start (a test, a nested command) keeps the first.
    let _ = match config.format {
        // JSON has a way of its own to write what would end a line.
        LogFormat::Text => builder
            .with_writer(move || OneLine::new(std::io::stderr(), colours))
            .try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
