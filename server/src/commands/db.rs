//! `portico db`.

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::ConfigArgs;

pub(super) async fn migrate(args: ConfigArgs) -> Result<ExitCode> {
    let (_, store) = super::open(&args).await?;
    let state = store.schema_state().await?;
    println!("database schema is at version {}", state.current);
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn status(args: ConfigArgs) -> Result<ExitCode> {
    let loaded = super::load_config(&args)?;
    let store = super::connect(&loaded.config, &args).await?;
    let state = store.schema_state().await?;
    println!(
        "database schema: version {}, this portico knows {}",
        state.current, state.known
    );
    store.close().await;
    let current = state.current == state.known;
    Ok(if current {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
