//! `portico ingest`: every source once.

use std::{process::ExitCode, time::Instant};

use anyhow::Result;
use portico_access::Principal;
use portico_catalog::{Catalog, Ingestion};
use portico_sources::Sources;

use crate::{cli::ConfigArgs, scm};

/// How many problems are printed; the rest is counted.
const SHOWN_PROBLEMS: usize = 50;

pub(super) async fn run(args: ConfigArgs) -> Result<ExitCode> {
    let (config, store) = super::open(&args).await?;
    let sources = Sources::new(&config)?.with_repositories(scm::folder(&args.data)?);
    let catalog = Catalog::new(store.clone(), sources, config);
    store.release_abandoned().await?;
    catalog.load().await?;
    let started = Instant::now();
    Ingestion::new(catalog.clone()).run_until_idle().await?;
    let (problems, total) = catalog
        .problems(&Principal::System, None, 0, SHOWN_PROBLEMS)
        .await?;
    println!(
        "{} entities, {total} problems, {:.2} s",
        catalog.len(),
        started.elapsed().as_secs_f64()
    );
    for problem in &problems {
        let line = problem
            .problem
            .line
            .map(|line| format!(":{line}"))
            .unwrap_or_default();
        println!("  {}{line}: {}", problem.source, problem.problem.message);
    }
    if total > problems.len() as u64 {
        println!("  … and {} more", total - problems.len() as u64);
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
