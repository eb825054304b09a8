//! The change itself: from one Bicep file to the next.

use portico_plugin_sdk::{Result, bail};
use portico_service_files::{App, BicepFile, Change, Edits};

use crate::signal::{Metric, Signal};

const ALERTS: &str = "Microsoft.Insights/metricAlerts";
const GROUPS: &str = "Microsoft.Insights/actionGroups";

/// Adds an alert that the file has not got.
pub(crate) fn add(
    text: &str,
    signal: Signal,
    threshold: f64,
    severity: u8,
    email: &str,
) -> Result<Change> {
    let file = BicepFile::read(text);
    let own = format!("{}Alert", signal.name());
    if file.declaration("resource", &own).is_some() {
        bail!(
            "The Bicep file has an alert of {} already: `{own}`. Nothing was changed.",
            signal.words()
        );
    }
    let Some(app) = file.app() else {
        bail!(
            "The Bicep file has neither a Container App nor a web app: there is nothing to watch."
        );
    };
    let Some(metric) = signal.metric(&app) else {
        bail!(
            "Azure does not count {} of the web app `{}`. Choose `errors` or `latency`.",
            signal.words(),
            app.symbol()
        );
    };
    let mut edits = Edits::of(&file);
    let group = if let Some(group) = file.resource(GROUPS) {
        edits.note(format!(
            "It tells the action group `{}`, which the file has already.",
            group.symbol
        ));
        group.symbol
    } else {
        file.refuse_taken(&["alertGroup", "alertEmail"])?;
        edits.parameter(
            "alertEmail",
            Some(&format!("'{email}'")),
            "Who gets a mail when something is wrong.",
        );
        edits.note(format!("It sends a mail to {email}."));
        edits.declare(action_group(&file));
        "alertGroup"
    };
    file.refuse_taken(&[&own])?;
    edits.note(format!(
        "It looks every minute at the last five minutes of `{}`.",
        app.symbol()
    ));
    edits.declare(alert(
        &file,
        &own,
        app,
        signal,
        &metric,
        threshold * metric.factor,
        severity,
        group,
    ));
    Ok(edits.done())
}

fn action_group(file: &BicepFile<'_>) -> String {
    let tags = file.tags();
    format!(
        "resource alertGroup '{GROUPS}@2023-01-01' = {{
  name: 'ag-${{uniqueString(resourceGroup().id)}}'
  location: 'global'
{tags}  properties: {{
    enabled: true
    groupShortName: 'service'
    emailReceivers: [
      {{
        name: 'owner'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }}
    ]
  }}
}}"
    )
}

#[expect(clippy::too_many_arguments, reason = "the parts of one resource")]
fn alert(
    file: &BicepFile<'_>,
    own: &str,
    app: App<'_, '_>,
    signal: Signal,
    metric: &Metric,
    threshold: f64,
    severity: u8,
    group: &str,
) -> String {
    let (tags, app) = (file.tags(), app.symbol());
    let Metric {
        namespace,
        name,
        aggregation,
        ..
    } = metric;
    let only = metric.only.map_or_else(String::new, |(dimension, value)| {
        format!(
            "
          dimensions: [
            {{
              name: '{dimension}'
              operator: 'Include'
              values: [
                '{value}'
              ]
            }}
          ]"
        )
    });
    // Bicep has whole numbers and no others; the rest goes through JSON.
    let threshold = match threshold.fract() == 0.0 {
        true => format!("{threshold}"),
        false => format!("json('{threshold}')"),
    };
    let (words, title) = (signal.words(), signal.name());
    format!(
        "resource {own} '{ALERTS}@2018-03-01' = {{
  name: '${{{app}.name}}-{title}'
  location: 'global'
{tags}  properties: {{
    description: 'More {words} than usual.'
    enabled: true
    severity: {severity}
    scopes: [
      {app}.id
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {{
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {{
          name: '{title}'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: '{namespace}'
          metricName: '{name}'
          operator: 'GreaterThan'
          threshold: {threshold}
          timeAggregation: '{aggregation}'{only}
        }}
      ]
    }}
    actions: [
      {{
        actionGroupId: {group}.id
      }}
    ]
  }}
}}"
    )
}
