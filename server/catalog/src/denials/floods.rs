//! Many refusals of one kind are few events.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use portico_store::AuditEvent;

/// Refusals of one kind within this time are one event, and one more that counts the others.
pub(super) const WINDOW: Duration = Duration::from_mins(1);

/// Kinds of refusals that are told apart within [`WINDOW`].
const KINDS: usize = 10_000;

/// As many of these may be of nobody in particular: what anybody on the network can have written
/// is little, whatever they ask for and from however many addresses.
const KINDS_OF_NOBODY: usize = 100;

/// Who was refused what, why, and from where.
#[derive(PartialEq, Eq, Hash)]
struct Kind {
    by_nobody: bool,
    principal: String,
    action: String,
    /// Empty for nobody in particular, who can make up any number of them.
    resource: String,
    reason: String,
    source: Option<String>,
}

struct Flood {
    since: Instant,
    again: u64,
    last: AuditEvent,
}

/// Refusals of the last minute, by kind.
#[derive(Default)]
pub(super) struct Floods {
    kinds: HashMap<Kind, Flood>,
    of_nobody: usize,
    dropped: u64,
    told: Option<Instant>,
}

impl Floods {
    /// The event to write for a refusal: none when it is one of many.
    pub(super) fn take(
        &mut self,
        event: AuditEvent,
        by_nobody: bool,
        at: Instant,
    ) -> Option<AuditEvent> {
        let kind = Kind {
            by_nobody,
            principal: event.principal.clone(),
            action: event.action.clone(),
            resource: if by_nobody {
                String::new()
            } else {
                event.resource.clone()
            },
            reason: event.reason.clone(),
            source: event.source.clone(),
        };
        if let Some(flood) = self.kinds.get_mut(&kind) {
            flood.again += 1;
            flood.last = event;
            return None;
        }
        if self.kinds.len() >= KINDS || (by_nobody && self.of_nobody >= KINDS_OF_NOBODY) {
            self.drop_one();
            return None;
        }
        self.of_nobody += usize::from(by_nobody);
        let last = event.clone();
        let flood = Flood {
            since: at,
            again: 0,
            last,
        };
        self.kinds.insert(kind, flood);
        Some(event)
    }

    /// Counts a refusal that no event tells of.
    pub(super) fn drop_one(&mut self) {
        self.dropped += 1;
        metrics::counter!("portico_audit_denials_dropped_total").increment(1);
    }

    /// How many refusals no event tells of, for one that does; at most once in [`WINDOW`].
    pub(super) fn dropped(&mut self, at: Instant) -> Option<u64> {
        let told = |told: Instant| at.duration_since(told) < WINDOW;
        if self.dropped == 0 || self.told.is_some_and(told) {
            return None;
        }
        self.told = Some(at);
        Some(std::mem::take(&mut self.dropped))
    }

    /// The events that count what was not written of the kinds whose time is over.
    pub(super) fn over(&mut self, at: Instant) -> Vec<AuditEvent> {
        let over = |flood: &Flood| at.duration_since(flood.since) >= WINDOW;
        let mut events = Vec::new();
        for (kind, flood) in self.kinds.extract_if(|_, flood| over(flood)) {
            self.of_nobody -= usize::from(kind.by_nobody);
            events.extend(flood.counted());
        }
        events
    }

    /// The same of all kinds, and how many refusals no event tells of.
    pub(super) fn end(&mut self) -> (Vec<AuditEvent>, Option<u64>) {
        self.of_nobody = 0;
        let ended = std::mem::take(&mut self.kinds).into_values();
        let dropped = std::mem::take(&mut self.dropped);
        let dropped = (dropped > 0).then_some(dropped);
        (ended.filter_map(Flood::counted).collect(), dropped)
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
    use serde_json::json;

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
        let mut is_first = |resource, request| {
            floods
                .take(refusal(resource, request), false, start)
                .is_some()
        };
        assert!(is_first("a", "r1"));
        assert!(!is_first("a", "r2"));
        assert!(!is_first("a", "r3"));
        assert!(is_first("b", "r4"));
        assert!(floods.over(start).is_empty(), "its time is not over");
        let counted = floods.over(start + WINDOW);
        assert_eq!(counted.len(), 1, "b was refused once");
        assert_eq!(counted[0].details, json!({"repeated": 2}));
        assert_eq!(counted[0].request_id.as_deref(), Some("r3"));
        let again = floods.take(refusal("a", "r5"), false, start + WINDOW);
        assert!(again.is_some(), "a new minute");
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_rest_is_counted() {
        let mut floods = Floods::default();
        let start = Instant::now();
        for n in 0..KINDS {
            let first = floods.take(refusal(&n.to_string(), "r"), false, start);
            assert!(first.is_some());
        }
        let one_more = || refusal("one more", "r");
        for _ in 0..3 {
            assert!(floods.take(one_more(), false, start).is_none());
        }
        assert_eq!(floods.dropped(start), Some(3));
        floods.drop_one();
        assert_eq!(floods.dropped(start), None, "it was told a moment ago");
        assert!(floods.over(start + WINDOW).is_empty());
        assert_eq!(floods.dropped(start + WINDOW), Some(1));
        assert_eq!(floods.dropped(start + WINDOW * 2), None, "nothing is new");
        let after = floods.take(one_more(), false, start + WINDOW);
        assert!(after.is_some());
    }

    #[test]
    fn nobody_in_particular_has_little_written() {
        let mut floods = Floods::default();
        let start = Instant::now();
        let mut written = |resource: &str, source: String, at| {
            let mut event = refusal(resource, "r");
            event.principal = "anonymous".to_owned();
            event.source = Some(source);
            floods.take(event, true, at).is_some()
        };
        assert!(written("a", "192.0.2.1".to_owned(), start));
        assert!(!written("made up", "192.0.2.1".to_owned(), start));
        let from_everywhere = |n: usize| written("a", format!("2001:db8::{n:x}"), start);
        let many = (0..1_000).map(from_everywhere).filter(|&it| it).count();
        assert_eq!(many, KINDS_OF_NOBODY - 1);
        let somebody = floods.take(refusal("a", "r"), false, start);
        assert!(somebody.is_some(), "their share is their own");
        assert_eq!(floods.over(start + WINDOW).len(), 1);
        assert_eq!(floods.of_nobody, 0);
    }
}
