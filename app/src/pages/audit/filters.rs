//! What narrows the log: in the URL, and in a form that works by itself.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::components::{
    Button, ButtonKind, ButtonLink, Choice, FilterBar, FilterChip, Icon, Input, Select,
};
use crate::data::audit::AuditQuery;
use crate::paths;

/// A parameter of the URL, what the form calls it, and its place in the query.
type Field = (
    &'static str,
    &'static str,
    fn(&mut AuditQuery) -> &mut String,
);

const FIELDS: [Field; 9] = [
    ("principal", "Who", |query| &mut query.principal),
    ("action", "What", |query| &mut query.action),
    ("resource", "On what", |query| &mut query.resource),
    ("decision", "Decision", |query| &mut query.decision),
    ("policy", "Policy", |query| &mut query.policy),
    ("source", "Address", |query| &mut query.source),
    ("requestId", "Request", |query| &mut query.request),
    ("from", "From day", |query| &mut query.from),
    ("to", "To day", |query| &mut query.to),
];

/// What the URL asks for.
pub(super) fn of(params: &ParamsMap) -> AuditQuery {
    let mut query = AuditQuery::default();
    for (name, _, field) in FIELDS {
        *field(&mut query) = params.get(name).unwrap_or_default();
    }
    let page = params.get("page").and_then(|page| page.parse().ok());
    query.page = page.unwrap_or(1_u32).saturating_sub(1);
    query
}

/// The parameters that are not empty.
fn given(query: &AuditQuery) -> Vec<(&'static str, &'static str, String)> {
    let mut query = query.clone();
    FIELDS
        .into_iter()
        .map(|(name, label, field)| (name, label, field(&mut query).clone()))
        .filter(|(_, _, value)| !value.is_empty())
        .collect()
}

pub(super) fn is_narrowed(query: &AuditQuery) -> bool {
    !given(query).is_empty()
}

/// The URL of a query.
pub(super) fn href(query: &AuditQuery) -> String {
    let mut parameters = pairs(query);
    if query.page > 0 {
        parameters.push(format!("page={}", query.page + 1));
    }
    with(paths::AUDIT, &parameters)
}

fn pairs(query: &AuditQuery) -> Vec<String> {
    given(query)
        .into_iter()
        .map(|(name, _, value)| format!("{name}={}", paths::encode(&value)))
        .collect()
}

fn with(path: &str, parameters: &[String]) -> String {
    if parameters.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", parameters.join("&"))
    }
}

/// Links to all that match, as files.
pub(super) fn exports(query: &AuditQuery) -> impl IntoView + use<> {
    let file = |format: &str| {
        let mut parameters = pairs(query);
        parameters.push(format!("format={format}"));
        with("/api/audit", &parameters)
    };
    view! {
        <ButtonLink href=file("csv") icon=Icon::Download attr:rel="external">"CSV"</ButtonLink>
        <ButtonLink href=file("ndjson") icon=Icon::Download attr:rel="external">"JSON lines"</ButtonLink>
    }
}

/// The form, and what is active of it.
pub(super) fn form(query: &AuditQuery) -> impl IntoView + use<> {
    let chips = FIELDS
        .into_iter()
        .filter_map(|(_, label, field)| {
            let mut next = query.clone();
            next.page = 0;
            let value = std::mem::take(field(&mut next));
            (!value.is_empty()).then(|| FilterChip {
                field: label.to_owned(),
                value,
                remove_href: href(&next),
            })
        })
        .collect::<Vec<_>>();
    let text = |name: &'static str, label: &'static str, kind: &'static str, value: &str| {
        let value = value.to_owned();
        view! {
            <label class="event-filter">
                {label}
                <Input name=name r#type=kind value=value/>
            </label>
        }
    };
    let decisions = vec![
        Choice::new("", "Any decision"),
        Choice::new("allow", "Allowed"),
        Choice::new("deny", "Denied"),
    ];
    view! {
        <form
            class="event-filters"
            action=paths::AUDIT
            method="get"
            role="search"
            aria-label="Filter the audit log"
        >
            {text("principal", "Who", "text", &query.principal)}
            {text("action", "What", "text", &query.action)}
            {text("resource", "On what", "text", &query.resource)}
            <label class="event-filter">
                "Decision"
                <Select name="decision" choices=decisions value=query.decision.clone()/>
            </label>
            {text("source", "Address", "text", &query.source)}
            {text("from", "From day", "date", &query.from)}
            {text("to", "To day", "date", &query.to)}
            <Button r#type="submit" kind=ButtonKind::Secondary icon=Icon::Search>"Filter"</Button>
        </form>
        <FilterBar chips clear_href=paths::AUDIT/>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_says_what_is_asked_and_nothing_else() {
        let mut params = ParamsMap::new();
        params.insert("principal", "user:default/ada".to_owned());
        params.insert("to", "2026-11-01".to_owned());
        params.insert("page", "3".to_owned());
        let query = of(&params);
        assert_eq!(
            (query.principal.as_str(), query.page),
            ("user:default/ada", 2)
        );
        assert_eq!(
            href(&query),
            "/audit?principal=user:default/ada&to=2026-11-01&page=3"
        );
        assert_eq!(href(&AuditQuery::default()), "/audit");
    }
}
