//! What happens while plugins run: counters, and the audit log.

use portico_plugin_host::{Event, Observer as HostObserver, PluginKey};
use portico_store::{AuditEvent, Store};
use serde_json::json;
use tokio::sync::mpsc;

use crate::now;

/// Events that may wait to be written. Beyond this only the counters know of them.
const WAITING: usize = 1_000;

/// Counts events and hands them on to be written: calls must not wait for the database.
pub(crate) struct Observer(mpsc::Sender<AuditEvent>);

impl Observer {
    pub(crate) fn start(store: Store) -> Self {
        let (events, mut waiting) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            while let Some(event) = waiting.recv().await {
                if let Err(error) = store.append_audit(&event).await {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, ?event, "an event of a plugin is only in this log");
                }
            }
        });
        Self(events)
    }
}

impl HostObserver for Observer {
    fn event(&self, plugin: &PluginKey, event: Event) {
        let (action, decision) = match &event {
            Event::Denied { .. } => ("plugin.denied", "deny"),
            Event::WouldDeny { .. } => ("plugin.would-deny", "allow"),
            Event::Fault { .. } => ("plugin.fault", "allow"),
            Event::Stopped { .. } => ("plugin.stopped", "deny"),
            Event::Restored => ("plugin.restored", "allow"),
        };
        let id = plugin.id.clone();
        metrics::counter!("portico_plugin_events_total", "plugin" => id, "event" => action)
            .increment(1);
        let reason = match &event {
            Event::Denied { .. } => "beyond what was granted",
            Event::WouldDeny { .. } => "addresses are counted, not enforced",
            Event::Fault { .. } | Event::Stopped { .. } | Event::Restored => "the sandbox's rules",
        };
        let _ = self.0.try_send(AuditEvent {
            at: now(),
            principal: format!("plugin:{}", plugin.id),
            action: action.to_owned(),
            resource: format!("plugin:{}", plugin.id),
            decision: decision.to_owned(),
            reason: reason.to_owned(),
            policy: None,
            source: None,
            request_id: None,
            details: json!({"digest": plugin.digest, "what": event}),
        });
    }
}
