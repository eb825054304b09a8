//! Who and what, above the fold.

use leptos::prelude::*;
use leptos_meta::Title;

use super::actions::actions;
use crate::components::{Alert, Badge, CopyButton, KindTile, OwnerChip, StarButton, TagLink, Tone};
use crate::data::entity::EntityView;
use crate::kind::KindStyle;
use crate::pages::lifecycle::Lifecycle;
use crate::pages::problem::problem_list;
use crate::paths;

/// Icon, title, reference, owner, lifecycle, tags, actions; then what is wrong.
pub(super) fn header(data: EntityView, changed: RwSignal<u32>) -> impl IntoView {
    let actions = actions(&data, changed);
    let summary = data.summary;
    let style = KindStyle::of(&summary.kind);
    let kind = KindStyle::label_of(&summary.kind);
    let tags = data
        .tags
        .into_iter()
        .map(|tag| {
            let href = format!("{}?tag={}", paths::CATALOG, paths::encode(&tag));
            view! { <TagLink href label=tag/> }
        })
        .collect_view();
    let broken = !data.problems.is_empty();
    view! {
        <Title text=summary.title.clone()/>
        <header class="entity-header">
            <KindTile style/>
            <div class="entity-heading">
                <div class="entity-title">
                    <h1 class="page-title">{summary.title.clone()}</h1>
                    <StarButton entity_ref=summary.entity_ref.clone() title=summary.title.clone() starred=summary.starred/>
                </div>
                <p class="entity-ref mono">
                    {summary.entity_ref.clone()}
                    <CopyButton text=summary.entity_ref.clone() label="Copy reference"/>
                </p>
                {data.description.map(|text| view! { <p class="entity-description">{text}</p> })}
                <div class="entity-facts">
                    <Badge>{kind} {summary.spec_type.map(|spec_type| format!(" · {spec_type}"))}</Badge>
                    {summary.lifecycle.map(|stage| view! { <Lifecycle stage/> })}
                    {summary.owner.map(|owner| view! {
                        <OwnerChip entity_ref=owner.reference() title=owner.title.clone()/>
                        {(!owner.exists).then(|| view! { <Badge tone=Tone::Danger>"no such owner"</Badge> })}
                    })}
                    {tags}
                </div>
            </div>
            {actions}
        </header>
        {data.orphan.then(|| view! {
            <Alert tone=Tone::Warning title="Nothing delivers this entity any more">
                "Its document is gone from its source. It stays until somebody removes it."
            </Alert>
        })}
        {broken.then(|| view! {
            <Alert tone=Tone::Danger title="The source of this entity has problems; the last good version is shown">
                {problem_list(data.problems, false)}
            </Alert>
        })}
    }
}
