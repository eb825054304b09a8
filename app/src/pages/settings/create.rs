//! Making a token, and seeing it once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{
    Alert, Button, ButtonKind, Choice, CodeBlock, Dialog, FormField, Input, RadioGroup, Select,
    Tone, open_while,
};
use crate::data::tokens::{AreaView, IssuedView, TokenInput, TokensView, create_token};

/// Lifetimes to choose from, in days.
const LIFETIMES: [u64; 5] = [7, 30, 90, 180, 365];

const DEFAULT_LIFETIME: u64 = 30;

const EVERYTHING: &str = "everything";
const PARTS: &str = "parts";

/// The dialog in which a token is asked for; `creating` says what there is to choose from.
pub(super) fn create_dialog(
    service: bool,
    creating: RwSignal<Option<TokensView>>,
    issued: RwSignal<Option<IssuedView>>,
    reload: Callback<()>,
) -> impl IntoView {
    let open = open_while(creating);
    let input = RwSignal::new(TokenInput::default());
    let extent = RwSignal::new(PARTS.to_owned());
    let problem = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    Effect::new(move || {
        let longest = creating.with(|it| it.as_ref().map(|view| view.max_days));
        let days = default_lifetime(longest.unwrap_or(DEFAULT_LIFETIME)) as u32;
        input.set(TokenInput {
            service,
            days,
            ..TokenInput::default()
        });
        extent.set(PARTS.to_owned());
        problem.set(String::new());
    });
    let create = move |_| {
        let mut wanted = input.get_untracked();
        wanted.everything = extent.with_untracked(|it| it == EVERYTHING);
        if !wanted.everything && wanted.areas.is_empty() {
            problem.set("choose what it may do".to_owned());
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = create_token(wanted).await;
            busy.set(false);
            match answer {
                Ok(token) => {
                    open.set(false);
                    issued.set(Some(token));
                    reload.run(());
                }
                Err(error) => problem.set(error.message),
            }
        });
    };
    let footer = move || {
        view! {
            <Button on:click=move |_| open.set(false)>"Cancel"</Button>
            <Button kind=ButtonKind::Primary loading=busy on:click=create>"Create"</Button>
        }
    };
    let fields = move || {
        creating
            .get()
            .map(|view| fields(service, view, input, extent))
    };
    view! {
        <Dialog id="create-token" title="Create a token" open footer>
            <div class="stack">
                {fields}
                {move || problem.with(|it| !it.is_empty()).then(|| view! {
                    <Alert tone=Tone::Danger title=problem.get()/>
                })}
            </div>
        </Dialog>
    }
}

fn fields(
    service: bool,
    view: TokensView,
    input: RwSignal<TokenInput>,
    extent: RwSignal<String>,
) -> impl IntoView {
    let (label, help) = if service {
        (
            "Service",
            "What it is called in the audit log, such as ci-pipeline.",
        )
    } else {
        ("Name", "What uses it, such as laptop or backup script.")
    };
    let everything = if service {
        "Everything: it administers the portal"
    } else {
        "Everything that I may"
    };
    let choices = vec![
        Choice::new(PARTS, "Only these parts of the portal"),
        Choice::new(EVERYTHING, everything),
    ];
    let areas = StoredValue::new(view.areas);
    view! {
        <FormField id="token-name" label help required=true>
            <Input
                name="name"
                value=Signal::derive(move || input.get().name)
                on:input=move |event| input.update(|it| it.name = event_target_value(&event))
            />
        </FormField>
        <FormField id="token-days" label="Expires" required=true>
            <Select
                name="days"
                choices=lifetimes(view.max_days)
                value=default_lifetime(view.max_days).to_string()
                on:change=move |event| {
                    let days = event_target_value(&event).parse();
                    input.update(|it| it.days = days.unwrap_or_default());
                }
            />
        </FormField>
        <RadioGroup name="token-extent" label="May" choices value=extent/>
        {move || extent.with(|it| it == PARTS).then(|| {
            let areas = areas.get_value().into_iter();
            areas.map(|it| area(it, input)).collect_view()
        })}
    }
}

/// What the form begins with, in days.
fn default_lifetime(max: u64) -> u64 {
    DEFAULT_LIFETIME.min(max.max(1))
}

fn lifetimes(max: u64) -> Vec<Choice> {
    let mut lifetimes: Vec<u64> = LIFETIMES.into_iter().filter(|days| *days <= max).collect();
    let default = default_lifetime(max);
    if !lifetimes.contains(&default) {
        lifetimes.push(default);
    }
    lifetimes
        .into_iter()
        .map(|days| Choice::new(days.to_string(), format!("in {days} days")))
        .collect()
}

/// What a token may do in one part of the portal.
fn area(area: AreaView, input: RwSignal<TokenInput>) -> impl IntoView {
    let AreaView {
        plugin,
        label,
        help,
    } = area;
    let chosen = input.with_untracked(|it| {
        let chosen = it.areas.iter().find(|(name, _)| *name == plugin);
        match chosen {
            None => "none",
            Some((_, false)) => "read",
            Some((_, true)) => "change",
        }
    });
    let choices = vec![
        Choice::new("none", "Nothing"),
        Choice::new("read", "Read"),
        Choice::new("change", "Read and change"),
    ];
    let id = format!("token-area-{plugin}");
    let name = plugin.clone();
    view! {
        <FormField id label help required=true>
            <Select
                name
                choices
                value=chosen
                on:change=move |event| {
                    let level = event_target_value(&event);
                    input.update(|it| {
                        it.areas.retain(|(name, _)| *name != plugin);
                        if level != "none" {
                            it.areas.push((plugin.clone(), level == "change"));
                        }
                    });
                }
            />
        </FormField>
    }
}

/// Shows a token that was just made. Closing it forgets the token.
pub(super) fn issued_dialog(issued: RwSignal<Option<IssuedView>>) -> impl IntoView {
    let open = open_while(issued);
    let footer = move || {
        view! {
            <Button kind=ButtonKind::Primary on:click=move |_| open.set(false)>"I have copied it"</Button>
        }
    };
    let token = move || {
        issued.get().map(|issued| {
            view! {
                <Alert tone=Tone::Warning title="Copy the token now">
                    "Nobody can see it again. If it is lost, revoke it and make another."
                </Alert>
                <CodeBlock label=issued.name text=issued.token/>
            }
        })
    };
    view! {
        <Dialog id="issued-token" title="Your new token" open footer>
            <div class="stack">{token}</div>
        </Dialog>
    }
}
