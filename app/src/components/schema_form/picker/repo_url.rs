//! The address of a repository, in parts: `host?owner=…&repo=…`.

use leptos::prelude::*;
use portico_model::{
    form::{Draft, Field},
    repo_url::{Address, Host, HostKind, LOCAL_HOST},
};
use serde_json::{Map, Value};

use super::super::{FormState, Place, group};
use crate::components::{Choice, FormField, Input, Select};

/// The hosts that the portal knows. Provided by pages.
#[derive(Clone, Debug, Default)]
pub struct KnownHosts(pub Vec<Host>);

impl KnownHosts {
    /// The hosts of a form that does not say which it takes.
    fn offered(&self) -> Vec<String> {
        let offered = self.0.iter().filter(|it| it.offered);
        offered.map(|it| it.name.clone()).collect()
    }

    /// What a host is. One that is not known is asked for what most want: owner and repository.
    fn kind(&self, host: &str) -> HostKind {
        let mut known = self.0.iter();
        let found = known.find(|it| it.name.eq_ignore_ascii_case(host));
        found.map_or(HostKind::GitHub, |it| it.kind)
    }

    /// Understands an address; an empty one is on the first of the hosts.
    fn read(&self, text: &str, hosts: &[String]) -> Address {
        let first = hosts.first().map_or("", String::as_str);
        let text = if text.is_empty() { first } else { text };
        Address::read(text, self.kind(Address::host_of(text)))
    }
}

/// What people call a part.
fn title(part: &str) -> &'static str {
    match part {
        "organization" => "Organisation",
        "project" => "Project",
        "owner" => "Owner",
        _ => "Repository",
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

    /// Fills in what can only be one value.
    fn complete(&self, mut address: Address) -> Address {
        for (name, value) in &mut address.parts {
            if let [only] = self.of(name)
                && value.is_empty()
            {
                value.clone_from(only);
            }
        }
        address
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
    let known = use_context::<KnownHosts>().unwrap_or_default();
    let mut hosts = listed(options, "allowedHosts");
    if hosts.is_empty() {
        hosts = known.offered();
    }
    let known = StoredValue::new(known);
    let allowed = StoredValue::new(Allowed::read(options));
    let id = form.id_of(&path);
    let stored = form.part(&path, |draft| draft.text().to_owned());
    let read = move |text: &str, hosts: &[String]| known.with_value(|it| it.read(text, hosts));
    let completed = move |address: Address| allowed.with_value(|it| it.complete(address));
    let first = completed(read(&stored.get_untracked(), &hosts));
    let address = RwSignal::new(first);
    let all = StoredValue::new(hosts.clone());
    Effect::new(move || {
        let text = stored.get();
        if !text.is_empty() && address.with_untracked(Address::text).as_ref() != Some(&text) {
            address.set(all.with_value(|hosts| read(&text, hosts)));
        }
    });
    let writing = path.clone();
    Effect::new(move || {
        let text = address.with(Address::text).unwrap_or_default();
        if text != stored.get_untracked() {
            form.change(&writing, |draft| *draft = Draft::Text(text));
        }
    });
    let host = Memo::new(move |_| address.with(|it| it.host.clone()));
    let choices: Vec<Choice> = hosts.iter().map(|it| Choice::new(it, named(it))).collect();
    let (group_id, host_id) = (id.clone(), format!("{id}-host"));
    let field_id = StoredValue::new(id.clone());
    let parts = move || {
        let kind = known.with_value(|it| it.kind(&host.get()));
        let parts = kind.parts().iter().enumerate();
        parts
            .map(|(at, name)| {
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
                let label = own.unwrap_or_else(|| title(name).to_owned());
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
        address.update(|it| *it = completed(read(&host, &[])));
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
        LOCAL_HOST => "This portal".to_owned(),
        host => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn known() -> KnownHosts {
        let host = |name: &str, kind, offered| Host {
            name: name.to_owned(),
            kind,
            offered,
        };
        KnownHosts(vec![
            host("local", HostKind::Local, true),
            host("tfs.contoso.test:8443", HostKind::Azure, true),
            host("github.com", HostKind::GitHub, false),
        ])
    }

    #[test]
    fn the_parts_are_those_of_the_host() {
        let known = known();
        assert_eq!(known.offered(), ["local", "tfs.contoso.test:8443"]);
        for (host, parts) in [
            ("local", &["repo"][..]),
            (
                "tfs.contoso.test:8443",
                &["organization", "project", "repo"],
            ),
            (
                "TFS.contoso.test:8443",
                &["organization", "project", "repo"],
            ),
            ("github.com", &["owner", "repo"]),
            ("git.elsewhere.test", &["owner", "repo"]),
        ] {
            let read = known.read(host, &[]);
            let names: Vec<_> = read.parts.iter().map(|(name, _)| *name).collect();
            assert_eq!((read.host.as_str(), &names[..]), (host, parts));
        }
    }

    #[test]
    fn an_address_that_is_entered_is_read_again() {
        let hosts = ["tfs.contoso.test:8443".to_owned()];
        let mut entered = known().read("", &hosts);
        assert_eq!((entered.host.as_str(), entered.text()), (&*hosts[0], None));
        for ((_, value), text) in entered.parts.iter_mut().zip(["tfs/Main", "R&D Shop", "a"]) {
            text.clone_into(value);
        }
        let text = entered.text().unwrap();
        assert_eq!(known().read(&text, &[]), entered);
    }

    #[test]
    fn what_can_only_be_one_value_is_filled_in() {
        let one = json!({"allowedOwners": ["contoso"], "allowedRepos": ["a", "b"]});
        let allowed = Allowed::read(one.as_object().unwrap());
        let filled = allowed.complete(known().read("github.com", &[]));
        assert_eq!(filled.parts[0].1, "contoso", "there is no other");
        assert_eq!(filled.parts[1].1, "", "there are two");
    }
}
