//! Refusals, in the audit log.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use portico_access::{Denied, Principal, Witness};
use portico_store::AuditEvent;
use serde_json::json;
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{Catalog, audit::current_request, now};

/// Refusals that may wait to be written.
const WAITING: usize = 1_000;

/// Kinds of refusals that are told apart within [`WINDOW`].
const KINDS: usize = 10_000;

/// Refusals of one kind within this time are one event, and one more that counts the others.
const WINDOW: Duration = Duration::from_mins(1);

/// How often it is looked for kinds whose time is over.
const LOOK_EVERY: Duration = Duration::from_secs(5);

impl Catalog {
    /// Writes every refusal to the audit log from now on. Who is refused does not wait for it.
    /// The task ends after `stop`, with everything written.
    pub fn audit_denials(&self, stop: CancellationToken) -> JoinHandle<()> {
        let (events, waiting) = mpsc::channel(WAITING);
        self.authorizer().witnessed_by(Arc::new(Queue(events)));
        tokio::spawn(write(self.clone(), waiting, stop))
    }
}

struct Queue(mpsc::Sender<AuditEvent>);

impl Witness for Queue {
    fn denied(&self, who: &Principal, denied: &Denied) {
        let request = current_request();
        let source = request.as_ref().and_then(|it| it.source);
        let details = match who {
            Principal::Token { id, .. } if !id.is_empty() => json!({ "token": id }),
            _ => json!({}),
        };
        let event = AuditEvent {
            at: now(),
            principal: denied.principal.clone(),
            action: denied.permission.to_owned(),
            resource: denied.resource.clone(),
            decision: "deny".to_owned(),
            reason: denied.grounds.reason.clone(),
            policy: denied.grounds.policy.clone(),
            source: source.map(|address| address.to_string()),
            request_id: request.map(|it| it.id),
            details,
        };
        if self.0.try_send(event).is_err() {
            dropped(1);
        }
    }
}

async fn write(catalog: Catalog, mut waiting: mpsc::Receiver<AuditEvent>, stop: CancellationToken) {
    let mut floods = Floods::default();
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        let events = tokio::select! {
            Some(event) = waiting.recv() => floods.take(event, Instant::now()).into_iter().collect(),
            _ = ticks.tick() => floods.over(Instant::now()),
            () = stop.cancelled() => break,
        };
        append(&catalog, events).await;
    }
    while let Ok(event) = waiting.try_recv() {
        let first = floods.take(event, Instant::now());
        append(&catalog, first.into_iter().collect()).await;
    }
    append(&catalog, floods.end()).await;
}

async fn append(catalog: &Catalog, events: Vec<AuditEvent>) {
    for event in events {
        if let Err(error) = catalog.store().append_audit(&event).await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, ?event, "a refusal is only in this log");
        }
    }
}

fn dropped(refusals: u64) {
    metrics::counter!("portico_audit_denials_dropped_total").increment(refusals);
    tracing::warn!(refusals, "more refusals than the audit log takes");
}

/// Who was refused what, and from where.
type Kind = (String, String, String, Option<String>);

/// Refusals of the last minute, by kind.
#[derive(Default)]
struct Floods(HashMap<Kind, Flood>);

struct Flood {
    since: Instant,
    again: u64,
    last: AuditEvent,
}

impl Floods {
    /// The event to write for a refusal: none when it is one of many.
    fn take(&mut self, event: AuditEvent, at: Instant) -> Option<AuditEvent> {
        let kind = (
            event.principal.clone(),
            event.action.clone(),
            event.resource.clone(),
            event.source.clone(),
        );
        if let Some(flood) = self.0.get_mut(&kind) {
            flood.again += 1;
            flood.last = event;
            return None;
        }
        if self.0.len() >= KINDS {
            dropped(1);
            return None;
        }
        let last = event.clone();
        let flood = Flood {
            since: at,
            again: 0,
            last,
        };
        self.0.insert(kind, flood);
        Some(event)
    }

    /// The events that count what was not written of the kinds whose time is over.
    fn over(&mut self, at: Instant) -> Vec<AuditEvent> {
        let over = |flood: &Flood| at.duration_since(flood.since) >= WINDOW;
        let ended = self.0.extract_if(|_, flood| over(flood));
        ended.filter_map(|(_, flood)| flood.counted()).collect()
    }

    /// The same of all kinds.
    fn end(self) -> Vec<AuditEvent> {
        self.0.into_values().filter_map(Flood::counted).collect()
    }
}

impl Flood {
    fn counted(self) -> Option<AuditEvent> {
        let mut event = self.last;
        if let serde_json::Value::Object(details) = &mut event.details {
            details.insert("repeated".to_owned(), self.again.into());
        }
        (self.again > 0).then_some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(resource: &str, request: &str) -> AuditEvent {
        AuditEvent {
            at: 0,
            principal: "user:default/ada".to_owned(),
            action: "catalog.entity.delete".to_owned(),
            resource: resource.to_owned(),
            decision: "deny".to_owned(),
            reason: "not an owner".to_owned(),
            policy: None,
            source: None,
            request_id: Some(request.to_owned()),
            details: json!({}),
        }
    }

    #[test]
    fn a_flood_is_one_event_and_one_that_counts_the_rest() {
        let mut floods = Floods::default();
        let start = Instant::now();
        assert!(floods.take(refusal("a", "r1"), start).is_some());
        for request in ["r2", "r3"] {
            assert!(floods.take(refusal("a", request), start).is_none());
        }
        assert!(floods.take(refusal("b", "r4"), start).is_some());
        assert!(floods.over(start).is_empty(), "its time is not over");
        let counted = floods.over(start + WINDOW);
        assert_eq!(counted.len(), 1, "b was refused once");
        assert_eq!(counted[0].details, json!({"repeated": 2}));
        assert_eq!(counted[0].request_id.as_deref(), Some("r3"));
        let again = floods.take(refusal("a", "r5"), start + WINDOW);
        assert!(again.is_some(), "a new minute");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut floods = Floods::default();
        let start = Instant::now();
        for n in 0..KINDS {
            assert!(floods.take(refusal(&n.to_string(), "r"), start).is_some());
        }
        assert!(floods.take(refusal("one more", "r"), start).is_none());
        assert!(floods.over(start + WINDOW).is_empty());
        assert!(floods.take(refusal("one more", "r"), start).is_some());
    }
}
