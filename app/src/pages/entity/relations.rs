//! Relations grouped by type; groups of thousands are paged.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Badge, Button, Card, EmptyState, EntityLink, Icon, Toaster, Tone};
use crate::data::EntityLabel;
use crate::data::entity::{EntityView, RELATION_PAGE, RelationGroupView, relation_page};
use crate::paths;

/// How many related entities of a type the overview shows.
const OVERVIEW: usize = 8;

/// The Relations tab.
pub(super) fn all(data: &EntityView) -> impl IntoView + use<> {
    view! { <div class="relation-grid">{groups(data, false)}</div> }
}

/// A card for each relation type.
pub(super) fn groups(data: &EntityView, short: bool) -> impl IntoView + use<> {
    if data.relations.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::GitBranch
                title="No relations"
                text="Nothing in the catalog refers to this entity, and it names nothing. Add \
                      owner, system or dependsOn to its file to place it."
            />
        }
        .into_any();
    }
    let entity_ref = &data.summary.entity_ref;
    let mut relations = data.relations.clone();
    relations.sort_by_key(|group| rank(&group.relation));
    relations
        .into_iter()
        .map(|group| card(entity_ref.clone(), group, short))
        .collect_view()
        .into_any()
}

fn card(entity_ref: String, group: RelationGroupView, short: bool) -> impl IntoView {
    let title = title_of(
        &group.relation,
        entity_ref.split(':').next().unwrap_or_default(),
    );
    let total = group.total;
    if short {
        let more = total > OVERVIEW;
        let items = group
            .items
            .into_iter()
            .take(OVERVIEW)
            .map(item)
            .collect_view();
        let reference = crate::data::reference(&entity_ref);
        let href = format!("{}/relations", paths::entity(&reference));
        return view! {
            <Card title count=total as u64>
                <ul class="relation-list">{items}</ul>
                {more.then(|| view! { <a class="link text-sm card-more" href=href>"Show all " {total}</a> })}
            </Card>
        }
        .into_any();
    }
    let items = RwSignal::new(group.items);
    let busy = RwSignal::new(false);
    let relation = group.relation;
    let toaster = use_context::<Toaster>();
    let more = move |_| {
        let (entity_ref, relation) = (entity_ref.clone(), relation.clone());
        let page = (items.with_untracked(Vec::len) / RELATION_PAGE) as u32;
        busy.set(true);
        spawn_local(async move {
            match relation_page(entity_ref, relation, page).await {
                Ok(group) => items.update(|items| items.extend(group.items)),
                Err(error) => {
                    if let Some(toaster) = toaster {
                        toaster.show(Tone::Danger, error.message);
                    }
                }
            }
            busy.set(false);
        });
    };
    let button = StoredValue::new(more);
    view! {
        <Card title count=total as u64>
            <ul class="relation-list">
                <For each=move || items.get() key=|label| label.entity_ref.clone() children=item/>
            </ul>
            {move || (items.with(Vec::len) < total).then(|| {
                let more = button.get_value();
                view! {
                    <Button small=true loading=busy on:click=more>
                        {move || format!("Show more ({} of {total})", items.with(Vec::len))}
                    </Button>
                }
            })}
        </Card>
    }
    .into_any()
}

fn item(label: EntityLabel) -> impl IntoView {
    view! {
        <li class="relation-item">
            <EntityLink entity_ref=label.reference() title=label.title.clone()/>
            {label.spec_type.clone().map(|text| view! { <span class="relation-kind">{text}</span> })}
            {(!label.exists).then(|| view! { <Badge tone=Tone::Danger>"not in the catalog"</Badge> })}
        </li>
    }
}

/// What matters more stands first.
fn rank(relation: &str) -> usize {
    const ORDER: [&str; 14] = [
        "hasPart",
        "providesApi",
        "consumesApi",
        "apiProvidedBy",
        "apiConsumedBy",
        "dependsOn",
        "dependencyOf",
        "ownerOf",
        "hasMember",
        "memberOf",
        "parentOf",
        "childOf",
        "partOf",
        "ownedBy",
    ];
    ORDER
        .iter()
        .position(|known| *known == relation)
        .unwrap_or(ORDER.len())
}

fn title_of(relation: &str, kind: &str) -> String {
    match (relation, kind) {
        ("hasPart", "domain") => "Systems and sub-domains",
        ("hasPart", "system") => "What it consists of",
        ("hasPart", _) => "Parts",
        ("partOf", _) => "Part of",
        ("providesApi", _) => "Provides",
        ("consumesApi", _) => "Consumes",
        ("apiProvidedBy", _) => "Provided by",
        ("apiConsumedBy", _) => "Consumed by",
        ("dependsOn", _) => "Depends on",
        ("dependencyOf", _) => "Needed by",
        ("ownerOf", _) => "Owns",
        ("ownedBy", _) => "Owned by",
        ("hasMember", _) => "Members",
        ("memberOf", _) => "Member of",
        ("parentOf", _) => "Sub-groups",
        ("childOf", _) => "Part of the group",
        (other, _) => other,
    }
    .to_owned()
}
