//! The manifest, and what it means for the catalog.

use std::collections::{BTreeMap, BTreeSet};

use portico_plugin_sdk::{Entity, Value, json, log};
use serde::Deserialize;

use crate::Application;

#[derive(Deserialize)]
pub(crate) struct Manifest {
    resources: BTreeMap<String, Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default, rename = "type")]
    kind: String,
    /// What refers to others is anywhere in here.
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// What becomes of a resource.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Component,
    Resource(&'static str),
    Nothing,
}

impl Manifest {
    pub(crate) fn entities(&self, application: &Application) -> Vec<Entity> {
        let entities = self
            .resources
            .iter()
            .filter_map(|(name, resource)| self.entity(name, resource, application));
        entities.collect()
    }

    fn entity(&self, name: &str, resource: &Resource, application: &Application) -> Option<Entity> {
        let kind = resource.becomes();
        let mut spec = json!({"owner": application.owner});
        let kind = match kind {
            Kind::Nothing => {
                if !resource.kind.starts_with("parameter.") {
                    log::warn(format!(
                        "left out `{name}`: its type `{}` is unknown",
                        resource.kind
                    ));
                }
                return None;
            }
            Kind::Component => {
                spec["type"] = "service".into();
                spec["lifecycle"] = application.lifecycle.as_str().into();
                "Component"
            }
            Kind::Resource(of) => {
                spec["type"] = of.into();
                "Resource"
            }
        };
        if let Some(system) = &application.system {
            spec["system"] = system.as_str().into();
        }
        let depends_on = self.depends_on(name, resource, application);
        if !depends_on.is_empty() {
            spec["dependsOn"] = depends_on.into();
        }
        Some(Entity::from(json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kind,
            "metadata": {
                "name": qualified(name, application),
                "title": name,
                "description": format!("`{name}` of the .NET Aspire application {}", application.name),
                "annotations": {"aspire.dev/type": resource.kind},
            },
            "spec": spec,
        })))
    }

    /// References to the resources that one needs, in order. What stands between (a parameter, or
    /// a value made of others) is looked through when it is no entity itself.
    fn depends_on(
        &self,
        name: &str,
        resource: &Resource,
        application: &Application,
    ) -> Vec<String> {
        let mut seen = BTreeSet::from([name.to_owned()]);
        let mut open = resource.names();
        let mut found = BTreeSet::new();
        while let Some(next) = open.pop() {
            let Some(other) = self.resources.get(&next) else {
                continue;
            };
            if !seen.insert(next.clone()) {
                continue;
            }
            match other.becomes() {
                Kind::Component => {
                    found.insert(format!("component:{}", qualified(&next, application)))
                }
                Kind::Resource(_) => {
                    found.insert(format!("resource:{}", qualified(&next, application)))
                }
                Kind::Nothing => {
                    open.extend(other.names());
                    false
                }
            };
        }
        found.into_iter().collect()
    }
}

impl Resource {
    fn becomes(&self) -> Kind {
        let family = self.kind.split('.').next().unwrap_or_default();
        match family {
            "project" | "executable" | "dockerfile" => Kind::Component,
            "container" if self.rest.contains_key("build") => Kind::Component,
            "container" => Kind::Resource("container"),
            "azure" => Kind::Resource("azure-resource"),
            "aws" => Kind::Resource("aws-resource"),
            "value" if self.rest.contains_key("connectionString") => Kind::Resource("database"),
            _ => Kind::Nothing,
        }
    }

    /// The names in `{name.…}`, wherever they stand.
    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for value in self.rest.values() {
            collect(value, &mut names);
        }
        names
    }
}

fn collect(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let placeholders = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'));
            let roots = placeholders.filter_map(|(inside, _)| inside.split('.').next());
            names.extend(roots.filter(|name| !name.is_empty()).map(str::to_owned));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, names)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, names)),
        _ => {}
    }
}

/// A name for the catalog: letters, digits and single hyphens, at most 63.
fn qualified(name: &str, application: &Application) -> String {
    let name = format!("{}-{name}", application.name).to_ascii_lowercase();
    let words = name.split(|char: char| !char.is_ascii_alphanumeric());
    let name = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let short: String = name.chars().take(63).collect();
    short.trim_end_matches('-').to_owned()
}
