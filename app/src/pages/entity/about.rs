//! The facts of an entity.

use leptos::prelude::*;

use crate::components::{
    Badge, Card, EntityLink, ExternalLink, Icon, KeyValue, KeyValueList, OwnerChip,
};
use crate::data::entity::{EntityLinkOut, EntityView};

/// The About card.
pub(super) fn about(data: &EntityView) -> impl IntoView + use<> {
    let summary = &data.summary;
    let owner = summary.owner.clone();
    let system = summary.system.clone();
    // People, teams and the files themselves are not owned.
    let is_owned = !["user", "group", "location"].contains(&summary.kind.to_lowercase().as_str());
    let labels = data
        .labels
        .iter()
        .map(|(key, value)| view! { <Badge>{format!("{key}: {value}")}</Badge> })
        .collect_view();
    let has_labels = !data.labels.is_empty();
    let (spec_type, lifecycle) = (summary.spec_type.clone(), summary.lifecycle.clone());
    let (namespace, email) = (data.namespace.clone(), data.email.clone());
    view! {
        <Card title="About">
            <KeyValueList>
                {(owner.is_some() || is_owned).then(|| view! {
                    <KeyValue label="Owner">
                        {match owner {
                            Some(owner) => view! {
                                <OwnerChip entity_ref=owner.reference() title=owner.title.clone()/>
                            }.into_any(),
                            None => view! { <span class="note">"nobody"</span> }.into_any(),
                        }}
                    </KeyValue>
                })}
                {system.map(|system| view! {
                    <KeyValue label="System">
                        <EntityLink entity_ref=system.reference() title=system.title.clone()/>
                    </KeyValue>
                })}
                {spec_type.map(|text| view! { <KeyValue label="Type">{text}</KeyValue> })}
                {lifecycle.map(|text| view! { <KeyValue label="Lifecycle">{text}</KeyValue> })}
                <KeyValue label="Namespace">{namespace}</KeyValue>
                {email.map(|email| view! {
                    <KeyValue label="E-mail" wide=true><a class="link break" href=format!("mailto:{email}")>{email.clone()}</a></KeyValue>
                })}
                {has_labels.then(|| view! { <KeyValue label="Labels" wide=true><span class="wrap">{labels}</span></KeyValue> })}
            </KeyValueList>
        </Card>
    }
}

/// The Links card; nothing without links.
pub(super) fn links(links: &[EntityLinkOut]) -> impl IntoView + use<> {
    let count = links.len() as u64;
    let items = links
        .iter()
        .map(|link| {
            let icon = icon_of(
                link.icon
                    .as_deref()
                    .or(link.kind.as_deref())
                    .unwrap_or_default(),
            );
            let EntityLinkOut { url, title, .. } = link.clone();
            view! {
                <li class="link-item">
                    <Icon icon size=16/>
                    <ExternalLink href=url>{title}</ExternalLink>
                </li>
            }
        })
        .collect_view();
    (count > 0).then(
        || view! { <Card title="Links" count=count><ul class="link-list">{items}</ul></Card> },
    )
}

/// The annotations, folded away: for whoever integrates, not for whoever reads.
pub(super) fn annotations(data: &EntityView) -> impl IntoView + use<> {
    let rows = data
        .annotations
        .iter()
        .map(|(key, value)| {
            view! {
                <div class="annotation">
                    <dt class="mono break">{key.clone()}</dt>
                    <dd class="mono break">{value.clone()}</dd>
                </div>
            }
        })
        .collect_view();
    let count = data.annotations.len() as u64;
    view! {
        <Card title="Annotations" count=count>
            <details class="fold">
                <summary class="disclosure">"Show all"</summary>
                <dl class="annotations">{rows}</dl>
            </details>
        </Card>
    }
}

fn icon_of(name: &str) -> Icon {
    match name.to_lowercase().as_str() {
        "dashboard" | "monitoring" | "metrics" => Icon::Activity,
        "docs" | "doc" | "runbook" | "wiki" => Icon::BookOpen,
        "chat" | "slack" | "teams" => Icon::MessageSquare,
        "code" | "github" | "repo" | "repository" => Icon::Code,
        "email" | "mail" => Icon::Mail,
        "alert" => Icon::TriangleAlert,
        "web" => Icon::Globe,
        _ => Icon::Link,
    }
}
