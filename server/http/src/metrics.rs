//! `/metrics`: what Prometheus collects.

use std::{sync::OnceLock, time::Duration};

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use portico_access::Principal;
use portico_catalog::Catalog;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, error::ApiError, json};

/// Upper bounds of the latency histogram, in seconds.
const BUCKETS: [f64; 12] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

/// Histograms hold what was recorded since; this often it is put into buckets.
const UPKEEP: Duration = Duration::from_secs(5);

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(prometheus_metrics))
}

/// The process's metrics. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Collects what the process records from now on. Later calls answer with the same.
    pub fn install() -> Self {
        static INSTALLED: OnceLock<Metrics> = OnceLock::new();
        INSTALLED.get_or_init(Self::build).clone()
    }

    /// Keeps memory bounded; runs for as long as the process serves.
    pub async fn keep_up(self) {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            self.0.run_upkeep();
        }
    }

    fn build() -> Self {
        let latency = Matcher::Full("http_request_duration_seconds".to_owned());
        let builder = PrometheusBuilder::new();
        // Refused only for an empty list of buckets.
        let builder = builder
            .set_buckets_for_metric(latency, &BUCKETS)
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another metrics recorder is installed; /metrics stays empty");
        }
        describe();
        Self(handle)
    }
}

fn describe() {
    metrics::describe_counter!("http_requests_total", "Requests answered");
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        "Time until the answer began, in seconds"
    );
    metrics::describe_gauge!("portico_entities", "Entities in the catalog");
    metrics::describe_gauge!(
        "portico_sources",
        "Files and folders the catalog is read from"
    );
    metrics::describe_gauge!("portico_problems", "Problems in sources");
    metrics::describe_gauge!(
        "portico_feed_position",
        "Position of the database's change feed"
    );
    metrics::describe_gauge!("portico_database_bytes", "Size of the database");
    metrics::describe_gauge!(
        "portico_tasks",
        "Tasks that wait (open) or run (processing)"
    );
}

/// Metrics for Prometheus
///
/// In the text exposition format.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operations",
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain")),
    security(()),
)]
async fn prometheus_metrics(State(state): State<AppState>) -> Result<Response, ApiError> {
    if let Err(error) = gauge(state.catalog()).await {
        // What is recorded already is still worth collecting, most of all now.
        tracing::error!(%error, "catalog gauges cannot be read");
    }
    let mut response = json::from_text(state.metrics().0.render());
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"),
    );
    Ok(response)
}

async fn gauge(catalog: &Catalog) -> Result<(), ApiError> {
    metrics::gauge!("portico_entities").set(catalog.len() as f64);
    let (_, sources) = catalog.source_statuses(&Principal::System, 0, 1).await?;
    metrics::gauge!("portico_sources").set(sources as f64);
    let (_, problems) = catalog.problems(&Principal::System, None, 0, 1).await?;
    metrics::gauge!("portico_problems").set(problems as f64);
    let store = catalog.store();
    let position = store
        .current_seq()
        .await
        .map_err(portico_catalog::CatalogError::from)?;
    metrics::gauge!("portico_feed_position").set(position as f64);
    let bytes = store
        .size_bytes()
        .await
        .map_err(portico_catalog::CatalogError::from)?;
    metrics::gauge!("portico_database_bytes").set(bytes as f64);
    let (open, processing) = store
        .task_counts()
        .await
        .map_err(portico_catalog::CatalogError::from)?;
    for (status, count) in [("open", open), ("processing", processing)] {
        metrics::gauge!("portico_tasks", "status" => status).set(count as f64);
    }
    Ok(())
}
