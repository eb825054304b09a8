//! What can be done with an entity: the templates whose form asks for one like it.
//!
//! What has to be somebody's own is offered for nothing else, since it would be refused.
//!
//! A template needs no setting of its own for that. Whoever writes a form that picks a service
//! has said which services it is for.

use portico_access::{Action, Principal, Resource};
use portico_catalog::{Direction, EntityQuery};
use portico_model::{
    EntityRef, Predicate,
    form::EntityChoice,
    template::{Page, Template},
};
use serde_json::Value;

use crate::{Result, Tasks, TasksError, entity_filter::entity_filter, pickable::is};

/// Templates that are looked at.
const MOST: usize = 500;
/// The fields that pick an entity to do something with.
const PICKERS: [&str; 2] = ["EntityPicker", "OwnedEntityPicker"];

/// A template that fits an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitting {
    /// The template.
    pub template_ref: String,
    /// The field of its form that takes the entity.
    pub field: String,
}

impl Tasks {
    /// The templates that fit an entity, by name.
    pub async fn fitting(&self, who: &Principal, entity_ref: &EntityRef) -> Result<Vec<Fitting>> {
        self.require(who, Action::TemplateRead, &Resource::Any)?;
        let templates = EntityQuery {
            predicate: Predicate::In("kind".to_owned(), vec!["template".to_owned()]),
            order: vec![("metadata.name".to_owned(), Direction::Asc)],
            limit: MOST,
            ..EntityQuery::default()
        };
        let mut fitting = Vec::new();
        for body in self.catalog().entities(who, &templates).await?.items {
            let document: Value = serde_json::from_slice(&body)
                .map_err(|error| TasksError::inconsistent("a template", error))?;
            // One that cannot be read says so on its own page.
            let Ok(template) = Template::parse(&document) else {
                continue;
            };
            if !self.offers(who, &template.entity_ref().to_string()) {
                continue;
            }
            for (field, filter, mine) in pickers(&template) {
                let filter = match mine {
                    true => Predicate::all(vec![filter, self.mine(who)]),
                    false => filter,
                };
                if self.is(who, entity_ref, filter)? {
                    fitting.push(Fitting {
                        template_ref: template.entity_ref().to_string(),
                        field,
                    });
                    break;
                }
            }
        }
        Ok(fitting)
    }

    /// Whether a template is to be offered to somebody: they may see its form and run it.
    pub fn offers(&self, who: &Principal, template_ref: &str) -> bool {
        let template = Resource::Template(template_ref);
        let may = |action| self.catalog().authorizer().allows(who, action, &template);
        may(Action::TemplateRead) && may(Action::TemplateExecute)
    }

    /// Whether somebody may try a template without anything being done.
    pub fn may_dry_run(&self, who: &Principal, template_ref: &str) -> bool {
        let template = Resource::Template(template_ref);
        self.catalog()
            .authorizer()
            .allows(who, Action::TemplateDryRun, &template)
    }

    /// Whether an entity is one of those that a filter lets through.
    fn is(&self, who: &Principal, entity_ref: &EntityRef, filter: Predicate) -> Result<bool> {
        let query = EntityQuery {
            predicate: Predicate::all(vec![is(entity_ref), filter]),
            limit: 1,
            ..EntityQuery::default()
        };
        Ok(self.catalog().labels(who, &query)?.total > 0)
    }
}

/// The entity that a form was filled in for: the first one that it picks.
pub(crate) fn picked(template: &Template, values: &Value) -> Option<String> {
    let mut fields = pickers(template).into_iter();
    fields.find_map(|(field, ..)| {
        let value = values.get(field)?.as_str()?;
        let entity_ref = EntityRef::parse(value, None, EntityRef::DEFAULT_NAMESPACE);
        entity_ref.ok().map(|it| it.to_string())
    })
}

/// Name and filter of each field that picks an entity of some kind, and whether it has to be
/// somebody's own.
fn pickers(template: &Template) -> Vec<(String, Predicate, bool)> {
    let fields = template.pages.iter().flat_map(Page::fields);
    fields
        .filter_map(|(name, field)| {
            let picker = field.get("ui:field")?.as_str()?;
            let choice = EntityChoice::read(picker, field.get("ui:options")?.as_object()?)?;
            let fits = PICKERS.contains(&picker) && !choice.filters.is_empty();
            fits.then(|| {
                let filter = entity_filter(&Value::Array(choice.filters));
                (name.clone(), filter, choice.mine)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_fields_that_say_what_they_pick_count() {
        let picker = |field: &str, options: Value| json!({"type": "string", "ui:field": field, "ui:options": options});
        let template = Template::parse(&json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3",
            "kind": "Template",
            "metadata": {"name": "add-redis"},
            "spec": {"type": "resource", "steps": [], "parameters": {"properties": {
                "service": picker("OwnedEntityPicker", json!({"catalogFilter": [{"kind": "Component"}]})),
                "anything": picker("EntityPicker", json!({})),
                "owner": picker("OwnerPicker", json!({"catalogFilter": {"kind": "Group"}})),
            }}},
        }))
        .unwrap();
        let pickers = pickers(&template);
        assert_eq!(pickers.len(), 1);
        assert_eq!((pickers[0].0.as_str(), pickers[0].2), ("service", true));
        assert_eq!(
            pickers[0].1,
            Predicate::In("kind".to_owned(), vec!["component".to_owned()])
        );
        let picked =
            |value: Value| picked(&template, &json!({"service": value, "anything": "api:a"}));
        let orders = Some("component:default/orders".to_owned());
        assert_eq!(
            picked(json!("component:Orders")).map(|it| it.to_lowercase()),
            orders
        );
        assert_eq!(picked(json!("orders")), None, "its kind is not known");
        assert_eq!(picked(json!(1)), None);
    }
}
