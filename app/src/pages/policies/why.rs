//! Why can X do Y to Z?

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::super::load::loaded;
use crate::components::{
    Alert, Badge, Button, ButtonKind, Card, Choice, FormField, Icon, Input, KeyValue, KeyValueList,
    Select, Tone,
};
use crate::data::policies::{WhyAnswer, WhyView, load_why};

/// The question is part of the URL, so that an answer can be shared.
#[component]
pub(super) fn Why() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        let text = |key: &str| query.get(key).unwrap_or_default();
        (text("principal"), text("action"), text("resource"))
    });
    let data = Resource::new_blocking(
        move || asked.get(),
        |(principal, action, resource)| load_why(principal, action, resource),
    );
    loaded(data, move |view| content(asked.get_untracked(), view))
}

fn content(asked: (String, String, String), view: WhyView) -> AnyView {
    let (principal, action, resource) = asked;
    let choices = view.actions.into_iter();
    let choices = choices
        .map(|(name, about)| Choice::new(name.clone(), format!("{name} — {about}")))
        .collect();
    let answer = view
        .answer
        .map(|answer| answered(&principal, &action, &resource, answer));
    let problem = (!view.problem.is_empty())
        .then(|| view! { <Alert tone=Tone::Warning title=view.problem.clone()/> });
    view! {
        <div class="stack">
            <Card title="Ask">
                <form method="get" class="stack">
                    <FormField
                        id="why-principal"
                        label="Who"
                        help="As in the audit log: user:default/ada, service:ci, anonymous."
                        required=true
                    >
                        <Input name="principal" value=principal.clone() placeholder="user:default/ada" mono=true/>
                    </FormField>
                    <FormField id="why-action" label="May do what" required=true>
                        <Select name="action" choices value=action.clone()/>
                    </FormField>
                    <FormField
                        id="why-resource"
                        label="To what"
                        help="component:default/orders-api, location:url:…, repository:local:orders-api, plugin:ID, task:ID; empty for a list or the portal."
                    >
                        <Input name="resource" value=resource.clone() placeholder="component:default/orders-api" mono=true/>
                    </FormField>
                    <div>
                        <Button kind=ButtonKind::Primary r#type="submit" icon=Icon::Search>"Ask"</Button>
                    </div>
                </form>
            </Card>
            {problem}
            {answer}
        </div>
    }
    .into_any()
}

fn answered(who: &str, action: &str, what: &str, answer: WhyAnswer) -> impl IntoView + use<> {
    let may = if answer.allowed { "may" } else { "may not" };
    let title = format!("{who} {may} {action} {what}");
    let tone = match answer.allowed {
        true => Tone::Success,
        false => Tone::Danger,
    };
    let policies = answer.policies.into_iter().map(|policy| {
        view! {
            <li>
                {policy.forbids.then(|| view! { <Badge tone=Tone::Danger>"forbid"</Badge> " " })}
                <span class="mono text-sm">{policy.id}</span>
                <span class="note">" — " {policy.description}</span>
            </li>
        }
    });
    let owns = match answer.owns.is_empty() {
        true => "nothing".to_owned(),
        false => answer.owns.join(", "),
    };
    view! {
        <div aria-live="polite" class="stack">
            <Alert tone title>
                <p>"Because " {answer.reason} "."</p>
                <ul>{policies.collect_view()}</ul>
            </Alert>
            <Card title="What is known of them">
                <KeyValueList>
                    <KeyValue label="Acts for" wide=true>
                        <span class="mono text-sm break">{owns}</span>
                    </KeyValue>
                    <KeyValue label="Administers">{if answer.administers { "yes" } else { "no" }}</KeyValue>
                </KeyValueList>
            </Card>
        </div>
    }
}
