//! What reviewers decide about a version: approve, activate, reject, revoke, comment.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

use crate::components::{
    Button, ButtonKind, Checkbox, FormField, FormState, Input, SchemaForm, Toaster, Tone,
};
use crate::data::UiError;
use crate::data::plugins::{ApprovalInput, VersionView, approve_plugin, decide_plugin};

/// The forms of an approval.
#[derive(Clone, Copy)]
struct Forms {
    /// None when it asks for nothing.
    grants: Option<FormState>,
    /// None when there is nothing to configure.
    config: Option<FormState>,
    limits: FormState,
}

impl Forms {
    fn new(version: &VersionView, limits: &Value) -> Self {
        // Two versions may have the same number, when the first was rejected.
        let own: String = version
            .digest
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(14)
            .collect();
        let form = |name: &str, schema: &Value, value: &Value| {
            FormState::new(format!("{name}-{own}"), schema, value)
        };
        let grants = version.grants_form.as_ref();
        let config = version.config_form.as_ref();
        Self {
            grants: grants.map(|schema| form("grants", schema, &version.grants)),
            config: config.map(|schema| form("config", schema, &version.config)),
            limits: form("limits", limits, &version.limits),
        }
    }

    /// What was entered; none when something is not valid.
    fn submit(self) -> Option<ApprovalInput> {
        let value = |form: Option<FormState>| form.map_or(Some(json!({})), FormState::submit);
        Some(ApprovalInput {
            grants: value(self.grants)?,
            config: value(self.config)?,
            limits: self.limits.submit()?,
            ..ApprovalInput::default()
        })
    }
}

/// What the version's status allows; `limits` is the form of limits.
pub(super) fn review(
    version: &VersionView,
    limits: &Value,
    reload: Callback<()>,
) -> impl IntoView + use<> {
    let (submitted, approved) = (version.status == "submitted", version.status == "approved");
    if !submitted && !approved {
        return ().into_any();
    }
    let digest = StoredValue::new(version.digest.clone());
    let forms = Forms::new(version, limits);
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
        let Some(mut input) = forms.submit() else {
            if let Some(toaster) = toaster {
                toaster.show(Tone::Warning, "Something in the forms is not valid yet");
            }
            return;
        };
        busy.set(true);
        input.accept_wider = accept_wider.get_untracked();
        input.reason = reason.get_untracked();
        spawn_local(async move { done(approve_plugin(digest.get_value(), input).await) });
    };
    let decide = move |decision: &'static str| {
        busy.set(true);
        let reason = reason.get_untracked();
        spawn_local(async move {
            done(decide_plugin(digest.get_value(), decision.to_owned(), reason).await);
        });
    };
    let wider = !version.wider.is_empty();
    let active = version.active;
    let reason_id = format!("reason-{}", version.digest.replace(':', "-"));
    let (heading, said) = match approved {
        true => ("What it may touch", "Change grants"),
        false => ("Grant what it asks for, or less", "Approve"),
    };
    view! {
        {forms.grants.map(|form| view! {
            <section class="stack">
                <h3 class="card-title">{heading}</h3>
                <SchemaForm form label="Grants"/>
            </section>
        })}
        {forms.config.map(|form| view! {
            <section class="stack">
                <h3 class="card-title">"Configuration"</h3>
                <SchemaForm form label="Configuration"/>
            </section>
        })}
        <details class="fold">
            <summary class="disclosure">"Limits"</summary>
            <div class="mt-3"><SchemaForm form=forms.limits label="Limits" dense=true/></div>
        </details>
        {wider.then(|| view! {
            <Checkbox
                name="accept-wider"
                label="Grant more than the active version has"
                on:change=move |event| accept_wider.set(event_target_checked(&event))
            />
        })}
        <FormField id=reason_id label="Reason" help="For the author and the audit log.">
            <Input
                name="reason"
                value=reason
                on:input=move |event| reason.set(event_target_value(&event))
            />
        </FormField>
        <div class="flex flex-wrap gap-2">
            <Button kind=ButtonKind::Primary loading=busy on:click=approve>{said}</Button>
            {(approved && !active).then(|| view! {
                <Button loading=busy on:click=move |_| decide("activate")>"Activate"</Button>
            })}
            {submitted.then(|| view! {
                <Button kind=ButtonKind::Danger loading=busy on:click=move |_| decide("reject")>"Reject"</Button>
            })}
            {approved.then(|| view! {
                <Button kind=ButtonKind::Danger loading=busy on:click=move |_| decide("revoke")>"Revoke"</Button>
            })}
            <Button loading=busy on:click=move |_| decide("comment")>"Comment"</Button>
        </div>
    }
    .into_any()
}
