//! Trusting a key, and trusting it no more.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{
    Button, ButtonKind, ConfirmDialog, Dialog, FormField, Input, Textarea, Toaster, Tone,
    open_while,
};
use crate::data::plugins::publishers::{KeyInput, KeyRow, revoke_key, trust_key};

/// The dialog in which a key is pasted.
pub(super) fn trust_dialog(open: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
    let input = RwSignal::new(KeyInput::default());
    let problems = RwSignal::new(Vec::<(String, String)>::new());
    let busy = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let problem = move |field: &'static str| {
        Signal::derive(move || {
            problems.with(|problems| {
                let found = problems.iter().find(|(it, _)| it == field);
                found
                    .map(|(_, message)| message.clone())
                    .unwrap_or_default()
            })
        })
    };
    let save = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = trust_key(input.get_untracked()).await;
            busy.set(false);
            match (answer, toaster) {
                (Ok(wrong), _) if !wrong.is_empty() => problems.set(wrong),
                (Ok(_), _) => {
                    open.set(false);
                    input.set(KeyInput::default());
                    problems.set(Vec::new());
                    reload.run(());
                }
                (Err(error), Some(toaster)) => toaster.show(Tone::Danger, error.message),
                (Err(_), None) => {}
            }
        });
    };
    let footer = move || {
        view! {
            <Button on:click=move |_| open.set(false)>"Cancel"</Button>
            <Button kind=ButtonKind::Primary loading=busy on:click=save>"Trust it"</Button>
        }
    };
    view! {
        <Dialog id="trust-key" title="Trust a key" open footer>
            <div class="stack">
                <FormField
                    id="key-publisher"
                    label="Publisher"
                    help="As in the manifests of their plugins."
                    error=problem("publisher")
                    required=true
                >
                    <Input
                        name="publisher"
                        value=Signal::derive(move || input.get().publisher)
                        on:input=move |event| input.update(|it| it.publisher = event_target_value(&event))
                    />
                </FormField>
                <FormField
                    id="key-key"
                    label="Public key"
                    help="The .pub file that \"portico plugin keygen\" or minisign made, or its second line."
                    error=problem("key")
                    required=true
                >
                    <Textarea
                        name="key"
                        value=Signal::derive(move || input.get().key)
                        rows=3
                        mono=true
                        on:input=move |event| input.update(|it| it.key = event_target_value(&event))
                    />
                </FormField>
                <FormField
                    id="key-namespaces"
                    label="Namespaces"
                    help="What they publish into, such as infra, quality; all when empty."
                >
                    <Input
                        name="namespaces"
                        value=Signal::derive(move || input.get().namespaces)
                        on:input=move |event| input.update(|it| it.namespaces = event_target_value(&event))
                    />
                </FormField>
            </div>
        </Dialog>
    }
}

/// Asks why a key is not trusted any more.
pub(super) fn revoke_dialog(
    revoking: RwSignal<Option<KeyRow>>,
    reload: Callback<()>,
) -> impl IntoView {
    let open = open_while(revoking);
    let reason = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    Effect::new(move || {
        revoking.track();
        reason.set(String::new());
        problem.set(String::new());
    });
    let busy = RwSignal::new(false);
    let revoke = move |()| {
        let Some(key) = revoking.get_untracked() else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let answer = revoke_key(key.id, reason.get_untracked()).await;
            busy.set(false);
            match answer {
                Ok(()) => {
                    open.set(false);
                    reload.run(());
                }
                Err(error) => problem.set(error.message),
            }
        });
    };
    let whose = move || {
        revoking.get().map(|key| {
            format!(
                "Files signed with {} of {} are refused from then on. \
            What runs already goes on.",
                key.id, key.publisher
            )
        })
    };
    view! {
        <ConfirmDialog
            id="revoke-key"
            title="Revoke the key?"
            confirm="Revoke"
            open
            busy
            on_confirm=revoke
        >
            <div class="stack">
                <p>{whose}</p>
                <FormField id="revoke-reason" label="Reason" error=problem required=true>
                    <Input
                        name="reason"
                        value=reason
                        on:input=move |event| reason.set(event_target_value(&event))
                    />
                </FormField>
            </div>
        </ConfirmDialog>
    }
}
