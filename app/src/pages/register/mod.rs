//! Registering a location: paste, preview what would appear, then register.

mod preview;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use super::load::loaded;
use crate::components::{
    Alert, Button, ButtonKind, ButtonLink, EmptyState, FormField, Icon, Input, PageHeader, Toaster,
    Tone,
};
use crate::data::register::{PreviewView, preview_location, register_location};
use crate::data::{UiError, UiErrorKind};
use crate::paths;

/// The register page. The preview is a part of the URL, so it works without JavaScript too.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let params = use_query_map();
    let target = Memo::new(move |_| params.read().get("target").unwrap_or_default());
    let data = Resource::new_blocking(
        move || target.get(),
        |target| async move {
            match target.trim() {
                "" => Ok::<_, UiError>(None),
                target => match preview_location(target.to_owned()).await {
                    // Not a failure of the page: the answer to what was typed.
                    Err(error)
                        if matches!(error.kind, UiErrorKind::Invalid | UiErrorKind::Failed) =>
                    {
                        Ok(Some(Err(error.message)))
                    }
                    answer => answer.map(|view| Some(Ok(view))),
                },
            }
        },
    );
    view! {
        <PageHeader
            title="Register"
            description="Bring a repository into the catalog: name its catalog-info.yaml, look at \
                         what would appear, then register it."
        />
        <form class="register-form" action=paths::REGISTER method="get">
            <FormField
                id="target"
                label="Location"
                help="A file on GitHub, GitHub Enterprise or Azure DevOps, any https address, or a \
                      git remote such as git+https://git.example.com/team/orders.git#main:catalog-info.yaml. \
                      A * in the path matches many files."
                required=true
            >
                <Input
                    name="target"
                    value=target
                    mono=true
                    placeholder="https://github.com/contoso/orders-api/blob/main/catalog-info.yaml"
                />
            </FormField>
            <Button kind=ButtonKind::Primary r#type="submit" icon=Icon::Eye>"Preview"</Button>
        </form>
        {loaded(data, move |found: Option<Result<PreviewView, String>>| match found {
            Some(Ok(view)) => result(target.get_untracked(), view).into_any(),
            Some(Err(why)) => refused(why).into_any(),
            None => hint().into_any(),
        })}
    }
}

fn refused(why: String) -> impl IntoView {
    view! {
        <Alert tone=Tone::Danger title="This location cannot be read">{why}</Alert>
    }
}

fn hint() -> impl IntoView {
    view! {
        <EmptyState
            icon=Icon::FileCode
            title="Nothing is registered before you have seen it"
            text="The preview reads the files and lists every entity and every problem in them, \
                  with file and line. Nothing is stored."
        />
    }
}

fn result(target: String, view: PreviewView) -> impl IntoView {
    let busy = RwSignal::new(false);
    let done = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let entities = view.entities.len();
    let exists = view.exists;
    let label = if exists { "Read it again" } else { "Register" };
    let register = move |_| {
        let target = target.clone();
        busy.set(true);
        spawn_local(async move {
            let answer = register_location(target).await;
            busy.set(false);
            let Some(toaster) = toaster else { return };
            match answer {
                Ok(location) => {
                    done.set(true);
                    toaster.show(Tone::Success, format!("Registered {location}"));
                }
                Err(error) => toaster.show(Tone::Danger, error.message),
            }
        });
    };
    let register = StoredValue::new(register);
    view! {
        <div class="stack">
            {preview::preview(view)}
            {move || match done.get() {
                true => view! {
                    <p class="register-done" role="status">
                        "Registered. Its entities appear in a moment. "
                        <ButtonLink href=paths::CATALOG>"Open the catalog"</ButtonLink>
                    </p>
                }.into_any(),
                false => view! {
                    <div class="register-actions">
                        <Button
                            kind=ButtonKind::Primary
                            icon=Icon::Plus
                            loading=busy
                            disabled=entities == 0
                            on:click=move |event| register.with_value(|register| register(event))
                        >
                            {label}
                        </Button>
                    </div>
                }.into_any(),
            }}
        </div>
    }
}
