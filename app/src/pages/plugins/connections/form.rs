//! Adding a connection, or changing it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{
    Button, ButtonKind, Checkbox, Choice, Dialog, FormField, Input, Select, Toaster, Tone,
    open_while,
};
use crate::data::plugins::connections::{ConnectionInput, save_connection};

/// What is being entered.
#[derive(Clone)]
pub(super) struct Editing {
    input: ConnectionInput,
    new: bool,
    /// The names of the secrets there are.
    secrets: Vec<String>,
}

impl Editing {
    /// A connection that there is not yet.
    pub(super) fn new_one(secrets: Vec<String>) -> Self {
        let input = ConnectionInput {
            auth: "bearer".to_owned(),
            ..ConnectionInput::default()
        };
        Self {
            input,
            new: true,
            secrets,
        }
    }

    /// A connection that there is.
    pub(super) fn of(input: ConnectionInput, secrets: Vec<String>) -> Self {
        Self {
            input,
            new: false,
            secrets,
        }
    }
}

type Problems = RwSignal<Vec<(String, String)>>;

/// The dialog that is open while something is being entered.
pub(super) fn connection_dialog(
    editing: RwSignal<Option<Editing>>,
    reload: Callback<()>,
) -> impl IntoView {
    let open = open_while(editing);
    let input = RwSignal::new(ConnectionInput::default());
    let problems: Problems = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let save = move |_| {
        let new = editing.with_untracked(|it| it.as_ref().is_some_and(|it| it.new));
        let entered = input.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let answer = save_connection(entered, new).await;
            busy.set(false);
            match (answer, toaster) {
                (Ok(wrong), _) if !wrong.is_empty() => problems.set(wrong),
                (Ok(_), _) => {
                    open.set(false);
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
            <Button kind=ButtonKind::Primary loading=busy on:click=save>"Save"</Button>
        }
    };
    view! {
        <Dialog id="connection" title="Connection" open footer>
            {move || editing.get().map(|editing| {
                input.set(editing.input.clone());
                problems.set(Vec::new());
                fields(&editing, input, problems)
            })}
        </Dialog>
    }
}

fn fields(
    Editing {
        input: first,
        new,
        secrets,
    }: &Editing,
    input: RwSignal<ConnectionInput>,
    problems: Problems,
) -> impl IntoView + use<> {
    let (first, secrets) = (first.clone(), secrets.clone());
    let auth = Memo::new(move |_| input.with(|it| it.auth.clone()));
    let choices = [
        ("bearer", "Bearer token"),
        ("basic", "User name and password"),
        ("header", "A header of its own"),
        ("managed-identity", "A managed identity of Azure"),
        ("github-app", "A GitHub App"),
        ("none", "Not at all"),
    ];
    let choices = choices
        .map(|(value, label)| Choice::new(value, label))
        .to_vec();
    let of_auth = move || match auth.get().as_str() {
        "basic" => view! {
            <FormField
                id="connection-username"
                label="User name"
                help="Empty for personal access tokens of Azure DevOps."
            >
                {text(input, "username", |it| &mut it.username)}
            </FormField>
        }
        .into_any(),
        "header" => view! {
            <FormField
                id="connection-header"
                label="Header"
                help="Its name, such as X-Api-Key."
                error=problem(problems, "auth.name")
                required=true
            >
                {text(input, "header", |it| &mut it.header)}
            </FormField>
        }
        .into_any(),
        "managed-identity" => view! {
            <FormField
                id="connection-client-id"
                label="Client id"
                help="Of a user-assigned identity. Empty for the machine's own."
            >
                {text(input, "clientId", |it| &mut it.client_id)}
            </FormField>
            <FormField
                id="connection-scope"
                label="Scope"
                help="What the token is for, such as https://management.azure.com/.default."
                error=problem(problems, "auth.scope")
                required=true
            >
                {text(input, "scope", |it| &mut it.scope)}
            </FormField>
        }
        .into_any(),
        "github-app" => view! {
            <FormField
                id="connection-owner"
                label="Owner"
                help="The organisation or user that installed an app of integrations.github."
                error=problem(problems, "auth.owner")
                required=true
            >
                {text(input, "owner", |it| &mut it.owner)}
            </FormField>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <div class="stack">
            {match new {
                true => view! {
                    <FormField
                        id="connection-name"
                        label="Name"
                        help="What plugins call it: lower-case letters, digits and hyphens."
                        error=problem(problems, "name")
                        required=true
                    >
                        {text(input, "name", |it| &mut it.name)}
                    </FormField>
                }
                .into_any(),
                false => view! { <p>"Name: " <span class="mono">{first.name.clone()}</span></p> }.into_any(),
            }}
            <FormField
                id="connection-base-url"
                label="Base URL"
                help="Requests stay below it."
                error=problem(problems, "baseUrl")
                required=true
            >
                {text(input, "baseUrl", |it| &mut it.base_url)}
            </FormField>
            <FormField id="connection-auth" label="Signs in with" required=true>
                <Select
                    name="auth"
                    choices
                    value=first.auth.clone()
                    on:change=move |event| {
                        let auth = event_target_value(&event);
                        input.update(|it| it.auth = auth);
                    }
                />
            </FormField>
            {of_auth}
            {move || names_secret(&auth.get()).then(|| secret(input, problems, &secrets))}
            <Checkbox
                name="allow-private"
                label="It is in a private network"
                help="Otherwise requests to private and local addresses are refused."
                checked=first.allow_private
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    input.update(|it| it.allow_private = on);
                }
            />
        </div>
    }
}

fn names_secret(auth: &str) -> bool {
    matches!(auth, "bearer" | "basic" | "header")
}

/// Secrets are named here and nowhere shown.
fn secret(
    input: RwSignal<ConnectionInput>,
    problems: Problems,
    secrets: &[String],
) -> impl IntoView + use<> {
    let chosen = input.with_untracked(|it| it.secret.clone());
    let help = match secrets.is_empty() {
        true => "There is no secret yet: add one to plugins.secrets in portico.yaml.",
        false => "By its name in plugins.secrets of portico.yaml.",
    };
    let mut choices = vec![Choice::new("", "—")];
    // One that the configuration has no more is still what the connection says.
    let gone = Some(&chosen).filter(|it| !it.is_empty() && !secrets.contains(it));
    choices.extend(secrets.iter().chain(gone).map(|it| Choice::new(it, it)));
    view! {
        <FormField
            id="connection-secret"
            label="Secret"
            help
            error=problem(problems, "auth.secret")
            required=true
        >
            <Select
                name="secret"
                choices
                value=chosen
                on:change=move |event| {
                    let secret = event_target_value(&event);
                    input.update(|it| it.secret = secret);
                }
            />
        </FormField>
    }
}

fn text(
    input: RwSignal<ConnectionInput>,
    name: &'static str,
    field: fn(&mut ConnectionInput) -> &mut String,
) -> impl IntoView {
    let value = Signal::derive(move || field(&mut input.get()).clone());
    view! {
        <Input
            name
            value
            mono=true
            on:input=move |event| {
                let text = event_target_value(&event);
                input.update(|it| *field(it) = text);
            }
        />
    }
}

/// What is wrong with a field, until the next try.
fn problem(problems: Problems, field: &'static str) -> Signal<String> {
    Signal::derive(move || {
        problems.with(|problems| {
            let found = problems.iter().find(|(it, _)| it == field);
            found
                .map(|(_, message)| message.clone())
                .unwrap_or_default()
        })
    })
}
