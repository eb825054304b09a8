//! The address of a repository, in parts: `host?owner=…&repo=…`.

use leptos::prelude::*;
use portico_model::form::{Draft, Field};
use serde_json::{Map, Value};

use super::super::{FormState, Place, group};
use crate::components::{Choice, FormField, Input, Select};

/// The hosts that the portal knows, for forms that do not name theirs. Provided by pages.
#[derive(Clone, Debug, Default)]
pub struct KnownHosts(pub Vec<String>);

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Address {
    host: String,
    /// Names and values, in the order in which they are asked.
    parts: Vec<(&'static str, String)>,
}

impl Address {
    /// Which parts an address on a host has, and what people call them.
    fn parts_of(host: &str) -> &'static [(&'static str, &'static str)] {
        match host {
            "local" => &[("repo", "Repository")],
            "dev.azure.com" => &[
                ("organization", "Organisation"),
                ("project", "Project"),
                ("repo", "Repository"),
            ],
            _ => &[("owner", "Owner"), ("repo", "Repository")],
        }
    }

    fn read(text: &str, hosts: &[String]) -> Self {
        let (host, query) = text.split_once('?').unwrap_or((text, ""));
        let first = hosts.first().map_or("", String::as_str);
        let host = if host.is_empty() { first } else { host };
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let parts = Self::parts_of(host).iter();
        Self {
            host: host.to_owned(),
            parts: parts
                .map(|(name, _)| (*name, value(name).unwrap_or_default().to_owned()))
                .collect(),
        }
    }

    /// Fills in what can only be one value.
    fn complete(mut self, allowed: &Allowed) -> Self {
        for (name, value) in &mut self.parts {
            if let [only] = allowed.of(name)
                && value.is_empty()
            {
                value.clone_from(only);
            }
        }
        self
    }

    /// The address; nothing until every part is there.
    fn text(&self) -> String {
        if self.parts.iter().any(|(_, value)| value.is_empty()) {
            return String::new();
        }
        let parts = self
            .parts
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        format!("{}?{}", self.host, parts.collect::<Vec<_>>().join("&"))
    }
}

/// What the template leaves to choose, and how it calls that.
#[derive(Clone, Debug, Default)]
struct Allowed {
    /// Values by part; none is any.
    values: Vec<(&'static str, Vec<String>)>,
    /// Labels and help by part.
    words: Vec<(&'static str, Option<String>, Option<String>)>,
}

impl Allowed {
    fn read(options: &Map<String, Value>) -> Self {
        let text = |key: &str| options.get(key)?.as_str().map(str::to_owned);
        let values = [
            ("owner", "allowedOwners"),
            ("organization", "allowedOrganizations"),
            ("project", "allowedProjects"),
            ("repo", "allowedRepos"),
        ];
        Self {
            values: values
                .map(|(part, key)| (part, listed(options, key)))
                .to_vec(),
            words: vec![
                ("owner", text("ownerLabel"), text("ownerDescription")),
                ("repo", text("repoLabel"), text("repoDescription")),
            ],
        }
    }

    fn of(&self, part: &str) -> &[String] {
        let mut values = self.values.iter();
        let found = values.find(|(name, _)| *name == part);
        found.map_or(&[], |(_, values)| values)
    }

    fn words(&self, part: &str) -> (Option<String>, Option<String>) {
        let mut words = self.words.iter();
        let found = words.find(|(name, ..)| *name == part);
        found.map_or((None, None), |(_, label, help)| {
            (label.clone(), help.clone())
        })
    }
}

fn listed(options: &Map<String, Value>, key: &str) -> Vec<String> {
    let all = options.get(key).and_then(Value::as_array);
    let all = all.into_iter().flatten().filter_map(Value::as_str);
    all.map(str::to_owned).collect()
}

pub(super) fn view(form: FormState, field: &Field, Place { path, label }: Place) -> AnyView {
    let options = &field.hints.options;
    let known = use_context::<KnownHosts>().unwrap_or_default().0;
    let mut hosts = listed(options, "allowedHosts");
    if hosts.is_empty() {
        hosts = known;
    }
    let allowed = StoredValue::new(Allowed::read(options));
    let id = form.id_of(&path);
    let stored = form.part(&path, |draft| draft.text().to_owned());
    let completed = move |address: Address| allowed.with_value(|it| address.complete(it));
    let first = completed(Address::read(&stored.get_untracked(), &hosts));
    let address = RwSignal::new(first);
    let all = StoredValue::new(hosts.clone());
    Effect::new(move || {
        let text = stored.get();
        if !text.is_empty() && address.with_untracked(|it| it.text() != text) {
            address.set(all.with_value(|hosts| Address::read(&text, hosts)));
        }
    });
    let writing = path.clone();
    Effect::new(move || {
        let text = address.with(Address::text);
        if text != stored.get_untracked() {
            form.change(&writing, |draft| *draft = Draft::Text(text));
        }
    });
    let host = Memo::new(move |_| address.with(|it| it.host.clone()));
    let choices: Vec<Choice> = hosts.iter().map(|it| Choice::new(it, named(it))).collect();
    let (group_id, host_id) = (id.clone(), format!("{id}-host"));
    let field_id = StoredValue::new(id.clone());
    let parts = move || {
        let parts = Address::parts_of(&host.get()).iter().enumerate();
        parts
            .map(|(at, (name, title))| {
                let value = Signal::derive(move || {
                    address.with(|it| it.parts.get(at).map(|it| it.1.clone()).unwrap_or_default())
                });
                let enter = move |text: String| {
                    address.update(|it| {
                        if let Some((_, value)) = it.parts.get_mut(at) {
                            text.trim().clone_into(value);
                        }
                    });
                };
                let id = format!("{}-{name}", field_id.get_value());
                let (own, help) = allowed.with_value(|it| it.words(name));
                let label = own.unwrap_or_else(|| (*title).to_owned());
                let values = allowed.with_value(|it| it.of(name).to_vec());
                view! {
                    <FormField id=id.clone() label nostrip:help=help required=true>
                        {match values.is_empty() {
                            true => view! {
                                <Input
                                    name=id
                                    value
                                    on:input=move |event| enter(event_target_value(&event))
                                />
                            }
                            .into_any(),
                            false => view! {
                                <Select
                                    name=id
                                    choices=choices_of(values)
                                    value=value.get_untracked()
                                    on:change=move |event| enter(event_target_value(&event))
                                />
                            }
                            .into_any(),
                        }}
                    </FormField>
                }
            })
            .collect_view()
    };
    let choose = move |host: String| {
        address.update(|it| *it = completed(Address::read(&host, std::slice::from_ref(&host))));
    };
    let (help, error) = (field.help().map(str::to_owned), form.problem(&path));
    let several = hosts.len() > 1;
    view! {
        <fieldset class="schema-group" id=group_id>
            <legend class="field-label">{label}</legend>
            {several.then(|| view! {
                <FormField id=host_id.clone() label="Host" required=true>
                    <Select
                        name=host_id.clone()
                        choices
                        value=host.get_untracked()
                        on:change=move |event| choose(event_target_value(&event))
                    />
                </FormField>
            })}
            {parts}
            {group::notes(help, error)}
        </fieldset>
    }
    .into_any()
}

/// The values, and nothing yet where there are several.
fn choices_of(values: Vec<String>) -> Vec<Choice> {
    let nothing = (values.len() > 1).then(|| Choice::new("", "—"));
    let choice = |it: String| Choice::new(it.clone(), it);
    nothing
        .into_iter()
        .chain(values.into_iter().map(choice))
        .collect()
}

fn named(host: &str) -> String {
    match host {
        "local" => "This portal".to_owned(),
        host => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Address, Allowed};

    #[test]
    fn addresses_are_taken_apart_and_put_together() {
        for text in [
            "local?repo=payments",
            "github.com?owner=contoso&repo=payments",
            "dev.azure.com?organization=contoso&project=shop&repo=payments",
        ] {
            assert_eq!(Address::read(text, &[]).text(), text);
        }
        let one = json!({"allowedOwners": ["contoso"], "allowedRepos": ["a", "b"]});
        let allowed = Allowed::read(one.as_object().unwrap());
        let filled = Address::read("github.com", &[]).complete(&allowed);
        assert_eq!(filled.parts[0].1, "contoso", "there is no other");
        assert_eq!(filled.parts[1].1, "", "there are two");
        let hosts = ["local".to_owned()];
        let empty = Address::read("", &hosts);
        assert_eq!((empty.host.as_str(), empty.text().as_str()), ("local", ""));
    }
}
