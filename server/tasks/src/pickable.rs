//! Fields that pick entities take the ones they offer, whoever fills in the form.

use portico_access::Principal;
use portico_catalog::EntityQuery;
use portico_model::{EntityRef, Predicate, form::EntityChoice};
use serde_json::{Map, Value};

use crate::{
    Result, Tasks,
    choices::texts,
    entity_filter::{entity_filter, mine_of},
};

impl Tasks {
    /// What is wrong with the references in a field that picks entities: none that somebody
    /// sees, one that the field does not offer, or one that is not theirs where it has to be.
    /// A field with `allowArbitraryValues: true` takes everything.
    pub(crate) fn not_pickable(
        &self,
        who: &Principal,
        schema: &Value,
        value: &Value,
    ) -> Result<Vec<String>> {
        let field = schema.get("ui:field").and_then(Value::as_str);
        let options = schema.get("ui:options").and_then(Value::as_object);
        let none = Map::new();
        let choice = field.and_then(|it| EntityChoice::read(it, options.unwrap_or(&none)));
        let Some(choice) = choice.filter(|it| !it.free) else {
            return Ok(Vec::new());
        };
        let mut problems = Vec::new();
        for text in texts(value) {
            problems.extend(self.problem_of(who, &choice, text)?);
        }
        Ok(problems)
    }

    fn problem_of(
        &self,
        who: &Principal,
        choice: &EntityChoice,
        text: &str,
    ) -> Result<Option<String>> {
        let kind = choice.default_kind.as_deref();
        let namespace = choice.default_namespace.as_deref();
        let namespace = namespace.unwrap_or(EntityRef::DEFAULT_NAMESPACE);
        let Ok(entity_ref) = EntityRef::parse(text, kind, namespace) else {
            return Ok(Some(format!(
                "\"{text}\" is not a reference of an entity, such as component:default/orders"
            )));
        };
        let found = |more: Predicate| {
            let query = EntityQuery {
                predicate: Predicate::all(vec![is(&entity_ref), more]),
                limit: 1,
                ..EntityQuery::default()
            };
            self.catalog().labels(who, &query).map(|it| it.total > 0)
        };
        if !found(Predicate::Always)? {
            return Ok(Some(format!("there is no {entity_ref} in the catalog")));
        }
        let filters = &choice.filters;
        if !filters.is_empty() && !found(entity_filter(&Value::Array(filters.clone())))? {
            return Ok(Some(format!(
                "{entity_ref} is not one that this field offers"
            )));
        }
        if choice.mine && !found(self.mine(who))? {
            return Ok(Some(format!(
                "{entity_ref} belongs to neither you nor a group of yours"
            )));
        }
        Ok(None)
    }

    /// What somebody may choose where it has to be theirs. Administrators do for others what
    /// those could do themselves.
    pub(crate) fn mine(&self, who: &Principal) -> Predicate {
        match self.catalog().authorizer().is_admin(who) {
            true => Predicate::Always,
            false => mine_of(who),
        }
    }
}

/// One entity.
pub(crate) fn is(entity_ref: &EntityRef) -> Predicate {
    let is = |key: &str, value: &str| Predicate::In(key.to_owned(), vec![value.to_lowercase()]);
    Predicate::all(vec![
        is("metadata.name", entity_ref.name()),
        is("metadata.namespace", entity_ref.namespace()),
        is("kind", entity_ref.kind()),
    ])
}
