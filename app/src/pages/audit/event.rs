//! One event: a row, and below it all that is known of it.

use leptos::prelude::*;
use serde_json::Value;

use super::{super::ago::ago, filters};
use crate::components::{Icon, KeyValue, KeyValueList, Row, StatusDot, Tone};
use crate::data::audit::{AuditQuery, AuditRow};

/// Columns of the table.
pub(super) const COLUMNS: [&str; 6] = ["When", "Who", "What", "On", "Decision", "From"];

pub(super) fn row(query: &AuditQuery, event: AuditRow, now: i64) -> impl IntoView + use<> {
    let (tone, label) = match event.decision.as_str() {
        "allow" => (Tone::Success, "allowed"),
        _ => (Tone::Danger, "denied"),
    };
    let who = only(
        query,
        |next, value| next.principal = value,
        &event.principal,
    );
    let on = only(query, |next, value| next.resource = value, &event.resource);
    let from = event.source.clone().map(|source| {
        let href = only(query, |next, value| next.source = value, &source);
        view! { <a class="link" href=href>{source}</a> }
    });
    let open = RwSignal::new(false);
    let id = format!("event-{}", event.position);
    let controls = id.clone();
    let all = all(query, &event);
    view! {
        <Row>
            <td class="note"><time datetime=event.time.clone() title=event.time>{ago(event.at, now)}</time></td>
            <td class="event-who mono text-sm"><a class="link" href=who>{event.principal}</a></td>
            <td>
                <button
                    class="event-opener mono text-sm"
                    type="button"
                    aria-expanded=move || open.get().to_string()
                    aria-controls=controls
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon icon=Icon::ChevronRight size=14/>
                    {event.action}
                </button>
            </td>
            <td class="mono cell-main break text-sm wide-only"><a class="link" href=on>{event.resource}</a></td>
            <td><StatusDot tone label/></td>
            <td class="mono text-sm wide-only">{from}</td>
        </Row>
        <tr id=id hidden=move || !open.get()>
            <td class="event-all" colspan=COLUMNS.len()>{all}</td>
        </tr>
    }
}

/// Everything that is known of an event.
fn all(query: &AuditQuery, event: &AuditRow) -> impl IntoView + use<> {
    let link = |change: fn(&mut AuditQuery, String), value: &str| {
        let href = only(query, change, value);
        view! { <a class="link mono break" href=href>{value.to_owned()}</a> }
    };
    let policy = event.policy.as_deref().map(|policy| {
        let link = link(|next, value| next.policy = value, policy);
        view! { <KeyValue label="Decided by policy">{link}</KeyValue> }
    });
    let request = event.request_id.as_deref().map(|request| {
        let link = link(|next, value| next.request = value, request);
        view! { <KeyValue label="Request">{link}</KeyValue> }
    });
    let source = event.source.clone();
    let source = source
        .map(|it| view! { <KeyValue label="Address"><span class="mono">{it}</span></KeyValue> });
    let hash = event.hash.clone().map(|hash| {
        view! { <KeyValue label="Hash" wide=true><span class="mono break">{hash}</span></KeyValue> }
    });
    let details = details(&event.details)
        .into_iter()
        .map(|(name, value)| {
            view! { <KeyValue label=name><span class="mono break">{value}</span></KeyValue> }
        })
        .collect_view();
    let (position, reason) = (event.position, event.reason.clone());
    let (time, resource) = (event.time.clone(), event.resource.clone());
    view! {
        <KeyValueList>
            <KeyValue label="Event"><span class="mono">{position}</span></KeyValue>
            <KeyValue label="Time"><span class="mono">{time}</span></KeyValue>
            <KeyValue label="On"><span class="mono break">{resource}</span></KeyValue>
            <KeyValue label="Reason">{reason}</KeyValue>
            {policy}
            {source}
            {request}
            {details}
            {hash}
        </KeyValueList>
    }
}

/// The fields of details, each as a text; what has parts is JSON.
fn details(json: &str) -> Vec<(String, String)> {
    let Ok(Value::Object(fields)) = serde_json::from_str(json) else {
        return Vec::new();
    };
    let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
    fields
        .map(|(name, value)| match value {
            Value::String(text) => (name, text),
            value => (name, value.to_string()),
        })
        .collect()
}

/// The log narrowed to one value of a field.
fn only(query: &AuditQuery, change: fn(&mut AuditQuery, String), value: &str) -> String {
    let mut next = AuditQuery {
        page: 0,
        ..query.clone()
    };
    change(&mut next, value.to_owned());
    filters::href(&next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_words_where_they_can_be() {
        let json = r#"{"provider":"oidc","number":3,"none":null,"all":["a"]}"#;
        let mut shown = details(json);
        shown.sort();
        let expected = [("all", "[\"a\"]"), ("number", "3"), ("provider", "oidc")];
        assert_eq!(shown, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert!(details("").is_empty());
    }
}
