//! Refusals, in the audit log.

mod floods;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use portico_access::{Denied, Principal, Resource, Witness};
use portico_store::AuditEvent;
use serde_json::json;
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{Catalog, audit::current_request, now};
use floods::Floods;

/// Events that may wait to be written.
const WAITING: usize = 1_000;

/// How often it is looked for kinds whose time is over.
const LOOK_EVERY: Duration = Duration::from_secs(5);

impl Catalog {
    /// Writes every refusal to the audit log from now on. Who is refused does not wait for it.
    /// The task ends after `stop`, with everything written.
    pub fn audit_denials(&self, stop: CancellationToken) -> JoinHandle<()> {
        let (events, waiting) = mpsc::channel(WAITING);
        let floods = Arc::<Mutex<Floods>>::default();
        let queue = Queue {
            events,
            floods: Arc::clone(&floods),
        };
        self.authorizer().witnessed_by(Arc::new(queue));
        tokio::spawn(write(self.clone(), waiting, floods, stop))
    }
}

struct Queue {
    events: mpsc::Sender<AuditEvent>,
    /// Asked before anything waits, so that a flood takes the room of nobody else.
    floods: Arc<Mutex<Floods>>,
}

impl Witness for Queue {
    fn denied(&self, who: &Principal, denied: &Denied) {
        let event = refused(who, denied);
        let mut floods = self.floods.lock();
        let first = floods.take(event, !who.is_signed_in(), Instant::now());
        if let Some(event) = first
            && self.events.try_send(event).is_err()
        {
            floods.drop_one();
        }
    }
}

fn refused(who: &Principal, denied: &Denied) -> AuditEvent {
    let request = current_request();
    let source = request.as_ref().and_then(|it| it.source);
    let details = match who {
        Principal::Token { id, .. } if !id.is_empty() => json!({ "token": id }),
        _ => json!({}),
    };
    AuditEvent {
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
    }
}

async fn write(
    catalog: Catalog,
    mut waiting: mpsc::Receiver<AuditEvent>,
    floods: Arc<Mutex<Floods>>,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        tokio::select! {
            Some(event) = waiting.recv() => append(&catalog, &event).await,
            _ = ticks.tick() => {
                let (over, dropped) = {
                    let (mut floods, at) = (floods.lock(), Instant::now());
                    (floods.over(at), floods.dropped(at))
                };
                count(&catalog, over, dropped).await;
            }
            () = stop.cancelled() => break,
        }
    }
    while let Ok(event) = waiting.try_recv() {
        append(&catalog, &event).await;
    }
    let (over, dropped) = floods.lock().end();
    count(&catalog, over, dropped).await;
}

/// Writes how many there were beyond those that have events of their own.
async fn count(catalog: &Catalog, over: Vec<AuditEvent>, dropped: Option<u64>) {
    for event in over {
        append(catalog, &event).await;
    }
    if let Some(dropped) = dropped {
        tracing::warn!(dropped, "more refusals than the audit log takes");
        append(catalog, &left_out(dropped)).await;
    }
}

/// The event about refusals that have none.
fn left_out(dropped: u64) -> AuditEvent {
    AuditEvent {
        at: now(),
        principal: Principal::System.label(),
        action: "audit.drop".to_owned(),
        resource: Resource::Any.label(),
        decision: "deny".to_owned(),
        reason: "more refusals than the audit log takes".to_owned(),
        policy: None,
        source: None,
        request_id: None,
        details: json!({ "dropped": dropped }),
    }
}

async fn append(catalog: &Catalog, event: &AuditEvent) {
    if let Err(error) = catalog.store().append_audit(event).await {
        let error = &error as &dyn std::error::Error;
        tracing::error!(error, ?event, "a refusal is only in this log");
    }
}
