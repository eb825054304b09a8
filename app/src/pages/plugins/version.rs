//! One version, and what reviewers decide about it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::ago::ago;
use crate::components::{
    Alert, Badge, Button, ButtonKind, Checkbox, FormField, Input, StatusDot, Textarea, Toaster,
    Tone,
};
use crate::data::UiError;
use crate::data::plugins::{ApprovalInput, VersionView, approve_plugin, decide_plugin};

/// A version with its report; the forms for those who decide.
pub(super) fn version_card(
    version: VersionView,
    may_manage: bool,
    now: i64,
    reload: Callback<()>,
) -> AnyView {
    let tone = match version.status.as_str() {
        "approved" => Tone::Success,
        "submitted" => Tone::Warning,
        _ => Tone::Danger,
    };
    let open = version.status == "submitted";
    let forms = may_manage.then(|| forms(&version, reload));
    let facts = format!(
        "{} kB, {}, handed in by {} ",
        version.size / 1000,
        version.signature,
        version.submitted_by
    );
    view! {
        <details open=open>
            <summary>
                <span class="font-medium">{version.version}</span>
                " "
                <StatusDot tone label=version.status/>
                {version.active.then(|| view! { " " <Badge tone=Tone::Accent>"runs"</Badge> })}
            </summary>
            <div class="stack mt-3 ml-4">
                <p class="note">{facts} {ago(version.submitted_at, now)}</p>
                {version.decision.map(|decision| view! { <p class="note">{decision}</p> })}
                <p class="mono text-xs break">{version.digest}</p>
                {(!version.wider.is_empty()).then(|| view! {
                    <Alert tone=Tone::Warning title="It asks for more than the active version">
                        <ul>
                            {version.wider.into_iter().map(|it| view! { <li>{it}</li> }).collect_view()}
                        </ul>
                    </Alert>
                })}
                <ul>
                    {version
                        .findings
                        .into_iter()
                        .map(|(severity, message, help)| {
                            let tone = match severity.as_str() {
                                "error" => Tone::Danger,
                                "warning" => Tone::Warning,
                                _ => Tone::Info,
                            };
                            view! {
                                <li class="text-sm">
                                    <Badge tone>{severity}</Badge>
                                    " "
                                    {message}
                                    {(!help.is_empty()).then(|| format!(" — {help}"))}
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
                <ul class="stack">
                    {version
                        .comments
                        .into_iter()
                        .map(|(author, at, body)| view! {
                            <li>
                                <p class="note">{author} " " {ago(at, now)}</p>
                                <p class="whitespace-pre-wrap">{body}</p>
                            </li>
                        })
                        .collect_view()}
                </ul>
                {forms}
            </div>
        </details>
    }
    .into_any()
}

/// Approve, activate, reject, revoke, comment: what the version's status allows.
fn forms(version: &VersionView, reload: Callback<()>) -> impl IntoView + use<> {
    let digest = StoredValue::new(version.digest.clone());
    let (submitted, approved) = (version.status == "submitted", version.status == "approved");
    let grants = RwSignal::new(version.grants.clone());
    let limits = RwSignal::new(version.limits.clone());
    let config = RwSignal::new(version.config.clone());
    let accept_wider = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let done = move |answer: Result<(), UiError>| {
        busy.set(false);
        match answer {
            Ok(()) => reload.run(()),
            Err(error) => {
                if let Some(toaster) = toaster {
                    toaster.show(Tone::Danger, error.message);
                }
            }
        }
    };
    let approve = move |_| {
        busy.set(true);
        let input = ApprovalInput {
            grants: grants.get_untracked(),
            limits: limits.get_untracked(),
            config: config.get_untracked(),
            accept_wider: accept_wider.get_untracked(),
            reason: reason.get_untracked(),
        };
        spawn_local(async move { done(approve_plugin(digest.get_value(), input).await) });
    };
    let decide = move |decision: &'static str| {
        busy.set(true);
        let reason = reason.get_untracked();
        spawn_local(async move {
            done(decide_plugin(digest.get_value(), decision.to_owned(), reason).await);
        });
    };
    let id = version.version.replace('.', "-");
    let wider = !version.wider.is_empty();
    let active = version.active;
    view! {
        {(submitted || approved).then(|| view! {
            <div class="grid gap-4 lg:grid-cols-3">
                {json_field(format!("grants-{id}"), "Grants", grants)}
                {json_field(format!("limits-{id}"), "Limits", limits)}
                {json_field(format!("config-{id}"), "Configuration", config)}
            </div>
            {wider.then(|| view! {
                <Checkbox
                    name="accept-wider"
                    label="Grant more than the active version has"
                    on:change=move |event| accept_wider.set(event_target_checked(&event))
                />
            })}
            <FormField id=format!("reason-{id}") label="Reason" help="For the author and the audit log.">
                <Input
                    name="reason"
                    value=reason
                    on:input=move |event| reason.set(event_target_value(&event))
                />
            </FormField>
        })}
        <div class="flex flex-wrap gap-2">
            {(submitted || approved).then(|| view! {
                <Button kind=ButtonKind::Primary loading=busy on:click=approve>
                    {if approved { "Change grants" } else { "Approve" }}
                </Button>
            })}
            {(approved && !active).then(|| view! {
                <Button loading=busy on:click=move |_| decide("activate")>"Activate"</Button>
            })}
            {submitted.then(|| view! {
                <Button kind=ButtonKind::Danger loading=busy on:click=move |_| decide("reject")>"Reject"</Button>
            })}
            {approved.then(|| view! {
                <Button kind=ButtonKind::Danger loading=busy on:click=move |_| decide("revoke")>"Revoke"</Button>
            })}
            {(submitted || approved).then(|| view! {
                <Button loading=busy on:click=move |_| decide("comment")>"Comment"</Button>
            })}
        </div>
    }
}

fn json_field(id: String, label: &'static str, text: RwSignal<String>) -> impl IntoView {
    view! {
        <FormField id label required=true>
            <Textarea
                name=label
                value=text
                rows=10
                mono=true
                on:input=move |event| text.set(event_target_value(&event))
            />
        </FormField>
    }
}
