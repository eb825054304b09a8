//! `portico audit`: the audit log, for who has the database.

use std::{io::Write as _, process::ExitCode};

use anyhow::{Result, bail};
use futures::TryStreamExt as _;
use portico_catalog::{AuditFilter, AuditFormat, export_audit};
use portico_store::{AuditMark, Millis, Store};

use crate::cli::{AuditCommand, AuditExportArgs, AuditExportFormat, AuditVerifyArgs, ConfigArgs};

pub(super) async fn run(command: AuditCommand) -> Result<ExitCode> {
    match command {
        AuditCommand::Verify(args) => verify(args).await,
        AuditCommand::Export(args) => export(args).await,
    }
}

async fn verify(args: AuditVerifyArgs) -> Result<ExitCode> {
    let store = open(&args.config).await?;
    let noted = args.noted.as_deref().map(mark).transpose()?;
    let found = store.verify_audit(noted.as_ref()).await?;
    store.close().await;
    if found.anchor.position > 0 {
        println!(
            "events up to {} are not there any more",
            found.anchor.position
        );
    }
    if let Some(broken) = found.broken {
        println!("broken at event {}: {}", broken.position, broken.what);
        return Ok(ExitCode::FAILURE);
    }
    match (found.first, found.last) {
        (Some(first), Some(last)) => println!(
            "{} events, the first of {}, the last of {}: the chain is whole",
            found.events,
            time(first),
            time(last)
        ),
        _ => println!("no events: the chain is whole"),
    }
    if noted.is_some_and(|noted| noted.position < found.anchor.position) {
        println!("the event that was noted is not there any more: keep the note below instead");
    }
    println!("note: {}:{}", found.head.position, found.head.hash);
    Ok(ExitCode::SUCCESS)
}

async fn export(args: AuditExportArgs) -> Result<ExitCode> {
    let store = open(&args.config).await?;
    let format = match args.format {
        AuditExportFormat::Csv => AuditFormat::Csv,
        AuditExportFormat::Ndjson => AuditFormat::NdJson,
        AuditExportFormat::Json => AuditFormat::Json,
    };
    let filter = AuditFilter {
        principal: args.principal,
        action: args.action,
        ..AuditFilter::default()
    };
    let events = export_audit(store.clone(), filter, format);
    let mut events = std::pin::pin!(events);
    let mut out = std::io::stdout().lock();
    while let Some(piece) = events.try_next().await? {
        out.write_all(&piece)?;
    }
    out.flush()?;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The database as it is: looking at it must not change its schema.
async fn open(args: &ConfigArgs) -> Result<Store> {
    let loaded = super::load_config(args)?;
    crate::logging::start(&loaded.config.logging);
    let store = super::connect(&loaded.config, args).await?;
    let state = store.schema_state().await?;
    if state.current != state.known {
        bail!(
            "the database schema is version {}, this portico knows {}: run `portico db migrate`, \
             or use the portico that serves it",
            state.current,
            state.known
        );
    }
    Ok(store)
}

fn mark(text: &str) -> Result<AuditMark> {
    let parsed = text.split_once(':').and_then(|(position, hash)| {
        Some(AuditMark {
            position: position.parse().ok()?,
            hash: hash.to_owned(),
        })
    });
    match parsed {
        Some(mark) => Ok(mark),
        None => bail!("--noted takes POSITION:HASH as `portico audit verify` prints it"),
    }
}

fn time(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |time| time.to_string())
}
