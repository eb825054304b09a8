//! `portico serve`: the portal.

use std::{net::SocketAddr, process::ExitCode, time::Instant};

use anyhow::{Context as _, Result, bail};
use portico_catalog::{Catalog, Ingestion};
use portico_config::Config;
use portico_http::{AppState, Metrics};
use portico_identity::Identity;
use portico_sources::Sources;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::metrics::InFlightRequestsLayer;

use crate::{cli::ServeArgs, http_server, plugins, portal, scm, site, tasks};

pub(super) async fn run(args: ServeArgs) -> Result<ExitCode> {
    let started = Instant::now();
    let site_root = site::find(args.site.as_deref())?;
    let (config, store) = super::open(&args.config).await?;
    let sources = Sources::new(&config)?.with_repositories(scm::folder(&args.config.data)?);
    let listener = bind(&args, &config).await?;
    let address = listener.local_addr()?;
    refuse_open_development(&config, address)?;

    store.release_abandoned().await?;
    let catalog = Catalog::new(store.clone(), sources, config);
    let stop = CancellationToken::new();
    // Told to stop when nothing asks any more.
    let stop_auditing = CancellationToken::new();
    let denials = catalog.audit_denials(stop_auditing.clone());
    let loading = tokio::spawn({
        let catalog = catalog.clone();
        async move { catalog.load().await }
    });

    let identity = Identity::new(catalog.clone());
    let code_key = store.secret("plugin-code", random_key).await?;
    let scm = scm::start(catalog.clone(), &args.config.data).await?;
    let plugins = plugins::start(
        catalog.clone(),
        &args.config.data,
        &code_key,
        Some(scm.clone()),
    )?;
    let tasks = tasks::start(
        catalog.clone(),
        scm.clone(),
        plugins.clone(),
        &args.config.data,
    )?;
    let metrics = Metrics::install();
    let upkeep = tokio::spawn(metrics.clone().keep_up());
    let tidying = tokio::spawn(identity.clone().keep_clean());
    let state = AppState::new(
        catalog.clone(),
        Some(plugins.clone()),
        Some(scm.clone()),
        identity.clone(),
        metrics,
    )
    .with_tasks(tasks.clone());
    let tasks = tasks.with_portal(state.portal_api());
    // Nobody is answered by other policies than those in force.
    let permissions = state.permissions().clone();
    permissions.follow().await?;
    let pages = portal::router(
        &catalog,
        &identity,
        &plugins,
        &scm,
        &tasks,
        &permissions,
        &site_root,
    );
    let (counting, in_flight) = InFlightRequestsLayer::pair();
    let app = portico_http::with_pages(state, pages)
        .merge(portico_http::guard_files(
            site::router(&site_root),
            catalog.config().is_https(),
        ))
        .layer(counting);
    let grace = catalog.config().backend.shutdown_grace;
    tracing::info!(
        url = format!("http://{address}"),
        elapsed_ms = started.elapsed().as_millis() as u64,
        "listening"
    );
    let server = tokio::spawn({
        let stop = stop.clone();
        let header_timeout = catalog.config().backend.edge.header_timeout;
        http_server::serve(listener, app, header_timeout, stop)
    });

    loading
        .await?
        .context("the catalog cannot be loaded from the database")?;
    let following = tokio::spawn(plugins.clone().run(stop.clone()));
    let working = tokio::spawn(tasks.run(stop.clone()));
    let deciding = tokio::spawn(permissions.run(stop.clone()));
    if let Some(folder) = catalog.config().plugins.import.clone() {
        // What it finds waits for review, so nothing here waits for it.
        tokio::spawn(plugins::import(plugins, folder));
    }
    let auditing = tokio::spawn(catalog.clone().keep_audit(stop.clone()));
    let ingestion = tokio::spawn(Ingestion::new(catalog).run(stop.clone()));

    wait_for_signal().await?;
    tracing::info!("stopping: finishing requests and reads in flight");
    stop.cancel();
    let finishing = async {
        server.await?;
        ingestion.await?;
        following.await?;
        working.await?;
        deciding.await?;
        auditing.await?;
        stop_auditing.cancel();
        denials.await?;
        upkeep.abort();
        tidying.abort();
        store.close().await;
        anyhow::Ok(())
    };
    if let Ok(finished) = tokio::time::timeout(grace, finishing).await {
        finished?;
    } else {
        // What the database has is whole: a transaction that is cut off is undone.
        tracing::warn!(
            requests = in_flight.get(),
            grace_s = grace.as_secs_f64(),
            "backend.shutdownGrace is over: dropping what has not finished"
        );
    }
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn bind(args: &ServeArgs, config: &Config) -> Result<TcpListener> {
    let listen = &config.backend.listen;
    let address = match args.listen {
        Some(address) => address.to_string(),
        None => format!("{}:{}", listen.host, listen.port),
    };
    TcpListener::bind(&address).await.with_context(|| {
        format!("{address} cannot be listened on; choose another address with --listen")
    })
}

/// A key, made once for a database and shared by its replicas.
fn random_key() -> Vec<u8> {
    rand::random::<[u8; 32]>().to_vec()
}

/// In development mode whoever reaches the portal may become anyone, so it must
/// be reachable from this machine only.
fn refuse_open_development(config: &Config, address: SocketAddr) -> Result<()> {
    if config.is_development() && !address.ip().is_loopback() {
        bail!(
            "the development sign-in works on loopback addresses only, and {address} is not one: \
             listen on 127.0.0.1, or set auth.environment to production"
        );
    }
    Ok(())
}

/// Waits for Ctrl-C or a request to terminate.
async fn wait_for_signal() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
