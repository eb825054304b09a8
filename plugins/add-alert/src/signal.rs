//! What can be watched, and what Azure calls it.

use portico_service_files::App;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Signal {
    /// Answers with a status from 500 on.
    Errors,
    /// How long answers take.
    Latency,
    /// Restarts of a container.
    Restarts,
    /// Memory in use.
    Memory,
}

/// A metric of Azure Monitor.
pub(crate) struct Metric {
    pub(crate) namespace: &'static str,
    pub(crate) name: &'static str,
    pub(crate) aggregation: &'static str,
    /// What the threshold is multiplied by: some metrics are in milliseconds.
    pub(crate) factor: f64,
    /// Only values of this dimension, as its name and a value.
    pub(crate) only: Option<(&'static str, &'static str)>,
}

impl Signal {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Errors => "errors",
            Self::Latency => "latency",
            Self::Restarts => "restarts",
            Self::Memory => "memory",
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Errors => "failed requests",
            Self::Latency => "slow answers",
            Self::Restarts => "restarts",
            Self::Memory => "memory in use",
        }
    }

    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Errors | Self::Restarts => "in five minutes",
            Self::Latency => "seconds on average",
            Self::Memory => "per cent",
        }
    }

    /// The threshold when people give none.
    pub(crate) fn usual(self) -> f64 {
        match self {
            Self::Errors => 5.0,
            Self::Latency => 2.0,
            Self::Restarts => 3.0,
            Self::Memory => 85.0,
        }
    }

    /// The metric for an app and the symbol that it is one of; nothing when there is none.
    pub(crate) fn metric(self, app: &App<'_, '_>) -> Option<Metric> {
        let metric = |namespace, name, aggregation| Metric {
            namespace,
            name,
            aggregation,
            factor: 1.0,
            only: None,
        };
        let container =
            |name, aggregation| metric("Microsoft.App/containerApps", name, aggregation);
        let web = |name, aggregation| metric("Microsoft.Web/sites", name, aggregation);
        match (app, self) {
            (App::Container(_), Self::Errors) => Some(Metric {
                only: Some(("statusCodeCategory", "5xx")),
                ..container("Requests", "Total")
            }),
            (App::Container(_), Self::Latency) => Some(Metric {
                factor: 1000.0,
                ..container("ResponseTime", "Average")
            }),
            (App::Container(_), Self::Restarts) => Some(container("RestartCount", "Total")),
            (App::Container(_), Self::Memory) => Some(container("MemoryPercentage", "Average")),
            (App::Web(_), Self::Errors) => Some(web("Http5xx", "Total")),
            (App::Web(_), Self::Latency) => Some(web("HttpResponseTime", "Average")),
            (App::Web(_), Self::Restarts | Self::Memory) => None,
        }
    }
}
