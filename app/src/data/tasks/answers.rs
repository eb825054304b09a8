//! What somebody entered, as people read it.

use portico_model::{
    EntityRef,
    form::{self, Field},
};
use portico_tasks::Tasks;
use serde_json::Value;

use crate::{ServerContext, data::EntityLabel};

/// What the form gave, by the titles that it has now: a template may have changed since, or be
/// gone.
pub(super) async fn of(
    context: &ServerContext,
    tasks: &Tasks,
    task: &portico_tasks::TaskView,
) -> Vec<(String, String)> {
    let who = &context.principal;
    let template = EntityRef::parse(&task.template_ref, Some("template"), "default");
    let form = match template {
        Ok(template) => tasks.template_form(who, &template).await.ok(),
        Err(_) => None,
    };
    let pages = form.iter().flat_map(|form| &form.steps);
    let schemas = pages.map(|page| Value::Object(page.schema.clone()));
    let fields: Vec<_> = schemas.flat_map(|schema| form::fields(&schema)).collect();
    let values = task.parameters.as_object().into_iter().flatten();
    let answer = |(name, value): (&String, &Value)| {
        let known = fields.iter().find(|(own, ..)| own == name);
        let title = known.and_then(|(_, title, _)| title.clone());
        let field = known.map(|(.., schema)| Field::read(schema));
        let refs = field.as_ref().map(|field| form::entities(field, value));
        let titles = refs.unwrap_or_default().into_iter();
        let titles = titles.map(|it| EntityLabel::of(&context.catalog, who, &it).title);
        let titles = titles.collect::<Vec<_>>().join(", ");
        let text = match titles.is_empty() {
            true => form::shown(field.as_ref(), value),
            false => titles,
        };
        (title.unwrap_or_else(|| name.clone()), text)
    };
    values.map(answer).collect()
}
