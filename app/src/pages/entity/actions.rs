//! What can be done with the entity: see and edit its source, refresh, unregister.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Alert, Button, ButtonLink, ConfirmDialog, Icon, Toaster, Tone};
use crate::data::entity::{
    EntityView, UnregisterView, refresh_entity, unregister, unregister_preview,
};
use crate::data::session::{Right, Session};
use crate::paths;

/// The action buttons. Only what the person may do is offered.
pub(super) fn actions(data: &EntityView, changed: RwSignal<u32>) -> impl IntoView + use<> {
    let entity_ref = data.summary.entity_ref.clone();
    let refresh = data
        .may_refresh
        .then(|| refresh_button(entity_ref.clone(), changed));
    let actions = format!("{}?for={}", paths::CREATE, paths::encode(&entity_ref));
    let remove = data.may_unregister.then(|| unregister_button(entity_ref));
    let session = expect_context::<Session>();
    let may_act = session.may(Right::ReadTemplates);
    let sessions = (data.summary.kind.eq_ignore_ascii_case("user")
        && session.may(Right::ManageSessions))
    .then(|| {
        format!(
            "{}?user={}",
            paths::SESSIONS,
            paths::encode(&data.summary.entity_ref)
        )
    });
    view! {
        <div class="page-actions">
            {may_act.then(|| view! {
                <ButtonLink href=actions icon=Icon::Sparkles>"Actions"</ButtonLink>
            })}
            {data.view_url.clone().map(|url| view! {
                <ButtonLink href=url icon=Icon::ExternalLink>"View source"</ButtonLink>
            })}
            {data.edit_url.clone().map(|url| view! {
                <ButtonLink href=url icon=Icon::Pencil>"Edit"</ButtonLink>
            })}
            {sessions.map(|href| view! {
                <ButtonLink href icon=Icon::Monitor>"Sessions"</ButtonLink>
            })}
            {refresh}
            {remove}
        </div>
    }
}

fn refresh_button(entity_ref: String, changed: RwSignal<u32>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let refresh = move |_| {
        let entity_ref = entity_ref.clone();
        busy.set(true);
        spawn_local(async move {
            let done = refresh_entity(entity_ref).await;
            busy.set(false);
            let Some(toaster) = toaster else { return };
            match done {
                Ok(()) => {
                    toaster.show(Tone::Success, "Reading the source again");
                    changed.update(|count| *count += 1);
                }
                Err(error) => toaster.show(Tone::Danger, error.message),
            }
        });
    };
    view! { <Button icon=Icon::RefreshCw loading=busy on:click=refresh>"Refresh"</Button> }
}

fn unregister_button(entity_ref: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let preview = RwSignal::new(None::<UnregisterView>);
    let toaster = use_context::<Toaster>();
    let asked = entity_ref.clone();
    let ask = move |_| {
        let entity_ref = asked.clone();
        spawn_local(async move {
            match unregister_preview(entity_ref).await {
                Ok(view) => {
                    preview.set(Some(view));
                    open.set(true);
                }
                Err(error) => {
                    if let Some(toaster) = toaster {
                        toaster.show(Tone::Danger, error.message);
                    }
                }
            }
        });
    };
    let on_confirm = Callback::new(move |()| {
        let entity_ref = entity_ref.clone();
        busy.set(true);
        spawn_local(async move {
            match unregister(entity_ref).await {
                // A whole load: every list in this page may show what is gone.
                Ok(()) => {
                    let _ = window().location().assign(paths::CATALOG);
                }
                Err(error) => {
                    busy.set(false);
                    if let Some(toaster) = toaster {
                        toaster.show(Tone::Danger, error.message);
                    }
                }
            }
        });
    });
    view! {
        <Button icon=Icon::Trash2 on:click=ask>"Unregister"</Button>
        <ConfirmDialog id="unregister" title="Unregister" confirm="Unregister" open busy on_confirm>
            {move || preview.get().map(consequences)}
        </ConfirmDialog>
    }
}

fn consequences(view: UnregisterView) -> impl IntoView {
    let more = view.affected_total.saturating_sub(view.affected.len());
    let refs = view
        .affected
        .into_iter()
        .map(|name| view! { <li class="mono">{name}</li> })
        .collect_view();
    view! {
        {match view.location {
            Some(target) => view! {
                <p>"This removes the registered location"</p>
                <p class="mono break">{target}</p>
                <p>"and " {view.affected_total} " entities that come from it:"</p>
            }
            .into_any(),
            None => view! {
                <Alert tone=Tone::Warning title="No registered location brings this entity">
                    "It is removed now and comes back when its file changes. To remove it for good, \
                     take it out of its file or take the location out of the configuration."
                </Alert>
            }
            .into_any(),
        }}
        <ul class="affected">{refs}</ul>
        {view.stays.then(|| view! {
            <p>"This entity stays: something else brings it too."</p>
        })}
        {(more > 0).then(|| view! { <p>"… and " {more} " more"</p> })}
    }
}
