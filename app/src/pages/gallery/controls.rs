//! What one presses and fills in.

use leptos::prelude::*;

use super::{Side, Specimen};
use crate::components::{
    Button, ButtonKind, ButtonLink, Checkbox, Choice, Combobox, ExternalLink, FormField, Icon,
    IconButton, Input, Kbd, Loader, RadioGroup, SearchBox, Segmented, Select, Switch, Textarea,
};

pub(super) fn section() -> impl IntoView {
    view! {
        <Specimen title="Buttons">
            <div class="gallery-row">
                <Button kind=ButtonKind::Primary icon=Icon::Plus>"Register"</Button>
                <Button icon=Icon::RefreshCw>"Refresh"</Button>
                <Button kind=ButtonKind::Ghost>"Cancel"</Button>
                <Button kind=ButtonKind::Danger icon=Icon::Trash2>"Unregister"</Button>
                <ButtonLink href="#" icon=Icon::Code>"View source"</ButtonLink>
            </div>
            <div class="gallery-row">
                <Button kind=ButtonKind::Primary loading=true>"Saving"</Button>
                <Button loading=true>"Refreshing"</Button>
                <Button kind=ButtonKind::Primary disabled=true>"Disabled"</Button>
                <Button disabled=true>"Disabled"</Button>
                <Button small=true>"Small"</Button>
                <IconButton icon=Icon::Star label="Star"/>
                <IconButton icon=Icon::Ellipsis label="More actions" tooltip="right"/>
            </div>
        </Specimen>
        <Specimen title="Links and keys">
            <p>
                "Read the "
                <a class="link" href="#">"runbook"</a>
                ", or open the "
                <ExternalLink href="https://example.com/">"dashboard"</ExternalLink>
                ". Press "<Kbd keys="⌘ K"/>" to go anywhere, "<Kbd keys="g c"/>" for the catalog."
            </p>
        </Specimen>
        <Specimen title="Form fields">{fields()}</Specimen>
        <Specimen title="Choices">{choices()}</Specimen>
        <Specimen title="Search box">
            <SearchBox label="Filter by name, tag or description" action="#"/>
        </Specimen>
    }
}

fn fields() -> impl IntoView {
    let side = Side::current();
    let owners = RwSignal::new(vec![Choice::new("group:default/payments", "Payments")]);
    let load = Loader::new(|text: String| async move { Ok(find_teams(&text)) });
    view! {
        <div class="gallery-form">
            <FormField
                id=side.id("url")
                label="Location"
                help="A URL of a catalog-info.yaml, or a path on the server."
                required=true
            >
                <Input name="url" placeholder="https://github.com/contoso/orders/blob/main/catalog-info.yaml" mono=true/>
            </FormField>
            <FormField
                id=side.id("name")
                label="Name"
                error=Signal::stored("A name has at most 63 characters of a–z, 0–9, “-”, “_” and “.”.".to_owned())
                required=true
            >
                <Input name="name" value=Signal::stored("Orders API".to_owned())/>
            </FormField>
            <FormField id=side.id("lifecycle") label="Lifecycle">
                <Select
                    name="lifecycle"
                    value="production"
                    choices=["experimental", "production", "deprecated"].map(|one| Choice::new(one, one)).to_vec()
                />
            </FormField>
            <FormField id=side.id("owners") label="Owners" help="Type to find groups.">
                <Combobox name=side.id("owner") label="Owners" load selected=owners multiple=true/>
            </FormField>
            <FormField id=side.id("description") label="Description">
                <Textarea name="description" rows=3 placeholder="What it does, for someone who has never heard of it"/>
            </FormField>
        </div>
    }
}

fn choices() -> impl IntoView {
    let side = Side::current();
    let on = RwSignal::new(true);
    let radio = RwSignal::new("all".to_owned());
    let view_as = RwSignal::new("table".to_owned());
    view! {
        <div class="gallery-row gallery-top">
            <div class="gallery-stack">
                <Checkbox name=side.id("archived") label="Show deprecated" checked=true/>
                <Checkbox name=side.id("orphans") label="Only orphans" help="Entities that no location delivers any more."/>
                <Switch label="Watch for changes" on/>
            </div>
            <RadioGroup
                name=side.id("scope")
                label="Scope"
                choices=vec![Choice::new("all", "All entities"), Choice::new("mine", "Owned by me")]
                value=radio
            />
            <Segmented
                label="View"
                name=side.id("view")
                choices=vec![Choice::new("table", "Table"), Choice::new("cards", "Cards")]
                value=view_as
                on_pick=move |picked| view_as.set(picked)
            />
        </div>
    }
}

fn find_teams(text: &str) -> Vec<Choice> {
    let text = text.to_lowercase();
    [
        "Payments",
        "Orders",
        "Platform",
        "Search",
        "Mobile",
        "Data platform",
    ]
    .into_iter()
    .filter(|team| team.to_lowercase().contains(&text))
    .map(|team| Choice::new(format!("group:default/{}", team.to_lowercase()), team))
    .collect()
}
