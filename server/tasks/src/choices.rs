//! What fields of forms offer: entities of the catalog, answers of plugins, branches.

use std::collections::BTreeSet;

use portico_access::{Action, Principal, Resource};
use portico_catalog::{Direction, EntityQuery};
use portico_model::{Predicate, form, template::Template};
use portico_plugins::ActionCall;
use portico_templating::Context;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Result, Tasks, TasksError, ValueProblem, actions::RepoUrl, entity_filter};

/// Entities that are looked at for one field; nobody chooses among more.
const MOST: usize = 500;

/// A value that a field offers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldChoice {
    /// What is put in.
    pub value: String,
    /// What is shown for it.
    pub label: String,
}

/// The values that a source offers, or why it offers none.
type Offered = std::result::Result<BTreeSet<String>, String>;

/// A field that looks something up, and what was put in.
struct Picked {
    /// Where it is: `name`, `labels.0.name`.
    path: String,
    schema: Value,
    value: Value,
}

/// Where choices come from, as `ui:options.from` says it.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Source {
    Catalog(CatalogSource),
    Plugin(PluginSource),
}

/// Entities, and what of them is offered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogSource {
    /// As `catalogFilter` of an `EntityPicker`.
    filter: Value,
    /// A field of the entity, such as `metadata.name`; its reference when none.
    value: Option<String>,
    /// Another, which is shown.
    label: Option<String>,
}

/// An action of a plugin, and what of its output is offered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PluginSource {
    action: String,
    #[serde(default)]
    input: Value,
    /// A field of the output: texts, or objects with `value` and `label`.
    #[serde(default = "options")]
    output: String,
}

fn options() -> String {
    "options".to_owned()
}

impl Tasks {
    /// What a field offers whose `ui:options.from` is `source`, while the form has `parameters`.
    /// A plugin is called as in a dry run: it can read, and nothing that it changes is changed.
    pub async fn field_choices(
        &self,
        who: &Principal,
        source: &Value,
        parameters: &Value,
    ) -> Result<Vec<FieldChoice>> {
        self.require(who, Action::TemplateRead, &Resource::Any)?;
        self.offered(who, source, parameters).await
    }

    /// Fails when a field, wherever in the form it is, has what it does not offer to who fills it
    /// in: what its `ui:options.from` lacks, another entity, or a name that is taken.
    pub(crate) async fn check_choices(
        &self,
        who: &Principal,
        template: &Template,
        values: &Value,
    ) -> Result<()> {
        let mut problems = Vec::new();
        let mut known = Vec::new();
        for picked in picked(template, values) {
            let taken = self.taken(who, &picked.schema, &picked.value)?;
            let foreign = match closed(&picked.schema) {
                Some(source) => {
                    let offered = self.offered_once(&mut known, who, source, values);
                    foreign(offered.await?, &picked.value)
                }
                None => Vec::new(),
            };
            let others = self.not_pickable(who, &picked.schema, &picked.value)?;
            let messages = taken.into_iter().chain(foreign).chain(others);
            problems.extend(messages.map(|message| ValueProblem {
                field: picked.path.clone(),
                message,
            }));
        }
        match problems.is_empty() {
            true => Ok(()),
            false => Err(TasksError::Values(problems)),
        }
    }

    /// What a source offers. It is asked once: the fields of a list have the same one.
    async fn offered_once<'a>(
        &self,
        known: &'a mut Vec<(Value, Offered)>,
        who: &Principal,
        source: &Value,
        values: &Value,
    ) -> Result<&'a Offered> {
        let found = known.iter().position(|(of, _)| of == source);
        let at = found.unwrap_or(known.len());
        if found.is_none() {
            let offered = match self.offered(who, source, values).await {
                Ok(offered) => Ok(offered.into_iter().map(|it| it.value).collect()),
                Err(TasksError::Input(reason)) => Err(reason),
                Err(error) => return Err(error),
            };
            known.push((source.clone(), offered));
        }
        Ok(&known[at].1)
    }

    /// Why the name in a field that asks for one of its own will not do.
    fn taken(&self, who: &Principal, schema: &Value, value: &Value) -> Result<Option<String>> {
        let is_name = schema.get("ui:field") == Some(&json!("EntityNamePicker"));
        let options = schema.get("ui:options").filter(|_| is_name);
        let option = |name| options.and_then(|options| options.get(name));
        let (Some(Value::Bool(true)), Some(name)) = (option("unique"), value.as_str()) else {
            return Ok(None);
        };
        let kind = option("kind").and_then(Value::as_str);
        let taken = self.catalog().named(who, name, kind)?;
        let by = taken.first().map(|it| &it.entity_ref);
        Ok(by.map(|by| format!("\"{name}\" is the name of {by} already; choose another")))
    }

    async fn offered(
        &self,
        who: &Principal,
        source: &Value,
        parameters: &Value,
    ) -> Result<Vec<FieldChoice>> {
        // An expression without a value would be left out of the filter, and all would fit.
        let Ok(parameters) = form::needed(parameters, &form::named_in(source)) else {
            return Ok(Vec::new());
        };
        let wrong = |error: String| TasksError::Input(format!("ui:options.from: {error}"));
        let context = Context::new(&json!({"parameters": parameters}));
        let rendered = context.and_then(|context| self.0.engine.render_value(source, &context));
        let rendered = rendered.map_err(|error| wrong(error.to_string()))?;
        let source = serde_json::from_value(rendered).map_err(|error| wrong(error.to_string()))?;
        let found = match source {
            Source::Catalog(source) => self.entity_choices(who, &source).await?,
            Source::Plugin(source) => self.plugin_choices(who, source).await?,
        };
        let mut seen = BTreeSet::new();
        let unique = |it: &FieldChoice| seen.insert(it.value.clone());
        Ok(found.into_iter().filter(unique).collect())
    }

    /// The branches of a repository, by the value of a `RepoUrlPicker`.
    pub async fn branches_of(&self, who: &Principal, repo_url: &str) -> Result<Vec<String>> {
        let Some(scm) = &self.0.scm else {
            return Err(TasksError::NotFound("source control".to_owned()));
        };
        let hosts = self.catalog().sources().integrations().hosts();
        let repository = RepoUrl::parse(repo_url, hosts)
            .map_err(|error| TasksError::Input(error.to_string()))?;
        let branches = scm.branches(who, &repository.scm_url()).await?;
        Ok(branches.into_iter().map(|it| it.name).collect())
    }

    async fn entity_choices(
        &self,
        who: &Principal,
        source: &CatalogSource,
    ) -> Result<Vec<FieldChoice>> {
        let predicate = match &source.filter {
            Value::Array(filters) => Predicate::any(filters.iter().map(entity_filter).collect()),
            filter => entity_filter(filter),
        };
        let query = EntityQuery {
            predicate,
            order: vec![("metadata.name".to_owned(), Direction::Asc)],
            limit: MOST,
            ..EntityQuery::default()
        };
        let mut choices = Vec::new();
        for body in self.catalog().entities(who, &query).await?.items {
            let entity: Value = serde_json::from_slice(&body)
                .map_err(|error| TasksError::inconsistent("an entity", error))?;
            let value = match &source.value {
                Some(path) => text_at(&entity, path),
                None => reference(&entity),
            };
            // An entity without the field has nothing to offer.
            let Some(value) = value.filter(|it| !it.is_empty()) else {
                continue;
            };
            let label = match (&source.label, &source.value) {
                (Some(path), _) => text_at(&entity, path),
                (None, Some(_)) => None,
                (None, None) => title(&entity),
            };
            let label = label.unwrap_or_else(|| value.clone());
            choices.push(FieldChoice { value, label });
        }
        Ok(choices)
    }

    async fn plugin_choices(
        &self,
        who: &Principal,
        source: PluginSource,
    ) -> Result<Vec<FieldChoice>> {
        let id = source.action;
        let Some(plugins) = &self.0.plugins else {
            return Err(TasksError::NotFound("plugins".to_owned()));
        };
        let input = match source.input {
            Value::Null => json!({}),
            input => input,
        };
        plugins.check_input(&id, &input).await?;
        let call = ActionCall {
            task: "form".to_owned(),
            dry_run: true,
            ..ActionCall::default()
        };
        let said = plugins.run_action(who, &id, &input, call).await?;
        let output = said.result.map_err(|error| {
            TasksError::Input(format!("{id} could not tell what there is: {error}"))
        })?;
        let listed = output.get(&source.output).and_then(Value::as_array);
        let Some(listed) = listed else {
            return Err(TasksError::Input(format!(
                "the output of {id} has no list \"{}\"",
                source.output
            )));
        };
        Ok(listed.iter().filter_map(choice).collect())
    }
}

/// The fields of a template whose choices are checked, with what was put in.
fn picked(template: &Template, values: &Value) -> Vec<Picked> {
    let mut all = Vec::new();
    for page in &template.pages {
        let schema = Value::Object(page.schema.clone());
        form::each_value(&schema, values, &mut |path, schema, value| {
            if schema.get("ui:field").is_some() {
                all.push(Picked {
                    path: path.to_owned(),
                    schema: schema.clone(),
                    value: value.clone(),
                });
            }
        });
    }
    all
}

/// What is wrong with a value that is none, or holds some that are none, of what is offered.
fn foreign(offered: &Offered, value: &Value) -> Vec<String> {
    let offered = match offered {
        Ok(offered) => offered,
        Err(reason) => return vec![reason.clone()],
    };
    let texts = texts(value).into_iter();
    texts
        .filter(|text| !offered.contains(*text))
        .map(|text| format!("\"{text}\" is not among what there is to choose"))
        .collect()
}

/// Where the choices of a field come from that takes nothing else.
fn closed(schema: &Value) -> Option<&Value> {
    let options = schema.get("ui:options")?;
    let is_picker = schema.get("ui:field")? == "OptionsPicker";
    let is_open = options.get("allowArbitraryValues") == Some(&Value::Bool(true));
    options.get("from").filter(|_| is_picker && !is_open)
}

/// The texts of one value, or of several; an optional field may hold an empty one.
pub(crate) fn texts(value: &Value) -> Vec<&str> {
    let all = match value {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let texts = all.iter().filter_map(Value::as_str);
    texts.filter(|text| !text.is_empty()).collect()
}

/// A text, a number, or an object with `value` and `label`.
fn choice(option: &Value) -> Option<FieldChoice> {
    if let Some(value) = text(option) {
        let label = value.clone();
        return Some(FieldChoice { value, label });
    }
    let value = text(option.get("value")?)?;
    let label = option.get("label").and_then(text);
    let label = label.unwrap_or_else(|| value.clone());
    Some(FieldChoice { value, label })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The text at a path of keys with dots between; keys of annotations have dots of their own.
fn text_at(value: &Value, path: &str) -> Option<String> {
    if let Some(found) = value.get(path) {
        return text(found);
    }
    let ends = path.match_indices('.').map(|(at, _)| at);
    ends.filter_map(|at| Some((value.get(&path[..at])?, &path[at + 1..])))
        .find_map(|(inner, rest)| text_at(inner, rest))
}

fn title(entity: &Value) -> Option<String> {
    let first = |paths: &[&str]| paths.iter().find_map(|path| text_at(entity, path));
    first(&[
        "spec.profile.displayName",
        "metadata.title",
        "metadata.name",
    ])
}

fn reference(entity: &Value) -> Option<String> {
    let namespace = text_at(entity, "metadata.namespace").unwrap_or_else(|| "default".to_owned());
    let kind = text_at(entity, "kind")?;
    let name = text_at(entity, "metadata.name")?;
    Some(format!("{kind}:{namespace}/{name}").to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_through_keys_with_dots() {
        let entity = json!({"metadata": {"annotations": {"contoso.test/sku": "S1"}, "n": 3}});
        let at = |path: &str| text_at(&entity, path);
        assert_eq!(at("metadata.annotations.contoso.test/sku").unwrap(), "S1");
        assert_eq!(at("metadata.n").unwrap(), "3");
        assert_eq!(at("metadata.annotations"), None);
        assert_eq!(at("metadata.annotations.contoso"), None);
    }

    #[test]
    fn options_are_texts_or_have_labels() {
        let of = |value: &str, label: &str| FieldChoice {
            value: value.to_owned(),
            label: label.to_owned(),
        };
        assert_eq!(choice(&json!("a")), Some(of("a", "a")));
        assert_eq!(
            choice(&json!({"value": 4, "label": "Four"})),
            Some(of("4", "Four"))
        );
        assert_eq!(choice(&json!({"value": "a"})), Some(of("a", "a")));
        assert_eq!(choice(&json!([])), None);
    }
}
