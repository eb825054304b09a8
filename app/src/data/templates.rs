//! Templates: which there are, their forms, and starting a task with one.

use leptos::prelude::*;
use portico_model::repo_url::Host;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{EntityLabel, EntitySummary, Json, UiError};

/// The templates of the catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatesView {
    /// Templates that the person may see, by title.
    pub templates: Vec<TemplateTile>,
    /// The entity that they are for, when only those that fit it were asked for.
    pub entity: Option<EntityLabel>,
}

/// A template to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateTile {
    /// The template.
    pub entity: EntitySummary,
    /// Its form, filled in for the entity that was asked for.
    pub form: String,
}

/// A template's form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateFormView {
    /// The template's reference.
    pub entity_ref: String,
    /// The heading.
    pub title: String,
    /// What it is for, as HTML that was made from Markdown.
    pub description: String,
    /// Who looks after it.
    pub owner: Option<EntityLabel>,
    /// The pages of the form.
    pub pages: Vec<FormPageView>,
    /// What the button that starts the task says.
    pub create: String,
    /// What the button that leads to the review says.
    pub review: String,
    /// What the button that leads back says.
    pub back: String,
    /// Who has to agree before it begins, where the template names them.
    pub approvers: Vec<EntityLabel>,
    /// Why the template cannot run here, if it cannot.
    pub problem: Option<String>,
    /// The hosts that repositories can be on.
    pub hosts: Vec<Host>,
    /// Whether the person may run it.
    pub may_run: bool,
    /// Whether the person may try it.
    pub may_dry_run: bool,
}

/// A page of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormPageView {
    /// The heading.
    pub title: String,
    /// What stands below it, as HTML.
    pub description: String,
    /// The JSON Schema of its values.
    pub schema: Value,
}

/// What came of starting a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedView {
    /// The task; none when the values were refused.
    pub id: Option<String>,
    /// Field and text of each thing that is wrong with the values.
    pub problems: Vec<(String, String)>,
}

/// Every template, or those whose form takes an entity like this.
#[server(prefix = "/_ui", endpoint = "templates", input = Json, output = Json)]
pub async fn load_templates(entity_ref: Option<String>) -> Result<TemplatesView, UiError> {
    server::templates(&super::server_context()?, entity_ref).await
}

/// The form of a template, by namespace and name.
#[server(prefix = "/_ui", endpoint = "template-form", input = Json, output = Json)]
pub async fn load_template_form(
    namespace: String,
    name: String,
) -> Result<TemplateFormView, UiError> {
    server::form(&super::server_context()?, &namespace, &name).await
}

/// Starts a task.
#[server(prefix = "/_ui", endpoint = "start-task", input = Json, output = Json)]
pub async fn start_task(
    template_ref: String,
    values: Value,
    secrets: Value,
    entity_ref: Option<String>,
) -> Result<StartedView, UiError> {
    use portico_tasks::{NewTask, TasksError};

    let context = super::server_context()?;
    let new = NewTask {
        template_ref,
        values,
        secrets,
        entity_ref,
        depth: 0,
    };
    match context.tasks()?.create(&context.principal, new).await {
        Ok(id) => Ok(StartedView {
            id: Some(id.to_string()),
            problems: Vec::new(),
        }),
        Err(TasksError::Values(problems)) => Ok(StartedView {
            id: None,
            problems: problems
                .into_iter()
                .map(|it| (it.field, it.message))
                .collect(),
        }),
        Err(error) => Err(error.into()),
    }
}

#[cfg(feature = "ssr")]
pub(crate) use server::page;

#[cfg(feature = "ssr")]
mod server {
    use portico_catalog::{Direction, EntityQuery};
    use portico_model::{EntityRef, Predicate};
    use serde_json::{Value, json};

    use super::{FormPageView, TemplateFormView, TemplateTile, TemplatesView};
    use crate::{
        ServerContext,
        data::{EntityLabel, EntitySummary, UiError, markdown},
        paths,
    };

    /// Templates that are listed; nobody chooses among more.
    const MOST: usize = 500;

    pub(super) async fn templates(
        context: &ServerContext,
        entity_ref: Option<String>,
    ) -> Result<TemplatesView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let entity = entity_ref.map(|it| EntityLabel::of(catalog, who, &it));
        let fitting = match &entity {
            Some(entity) => context.tasks()?.fitting(who, &entity.reference()).await?,
            None => Vec::new(),
        };
        let form = |template: &EntitySummary| {
            let form = paths::template(&template.reference());
            let Some(entity) = &entity else {
                return Some(form);
            };
            let fitting = fitting
                .iter()
                .find(|it| it.template_ref == template.entity_ref)?;
            let values = json!({ fitting.field.as_str(): entity.entity_ref });
            let values = paths::encode(&values.to_string());
            let entity = paths::encode(&entity.entity_ref);
            Some(format!("{form}?formData={values}&entity={entity}"))
        };
        let found = catalog.labels(
            who,
            &EntityQuery {
                predicate: Predicate::In("kind".to_owned(), vec!["template".to_owned()]),
                order: vec![("metadata.name".to_owned(), Direction::Asc)],
                limit: MOST,
                ..EntityQuery::default()
            },
        )?;
        let tasks = context.tasks().ok();
        let offered = found.items.iter();
        let summaries =
            offered.filter(|label| tasks.is_none_or(|it| it.offers(who, &label.entity_ref)));
        let summaries = summaries
            .map(|label: &portico_catalog::Label| EntitySummary::of(catalog, who, label, false));
        let tiles = summaries.filter_map(|it| {
            Some(TemplateTile {
                form: form(&it)?,
                entity: it,
            })
        });
        let mut templates: Vec<TemplateTile> = tiles.collect();
        templates.sort_by_cached_key(|it| it.entity.title.to_lowercase());
        Ok(TemplatesView { templates, entity })
    }

    pub(super) async fn form(
        context: &ServerContext,
        namespace: &str,
        name: &str,
    ) -> Result<TemplateFormView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let entity_ref = EntityRef::new("template", namespace, name);
        let form = context.tasks()?.template_form(who, &entity_ref).await?;
        let refs = [entity_ref.to_string()];
        let owner = catalog
            .labels_of(who, &refs)?
            .remove(&refs[0])
            .and_then(|label| EntitySummary::of(catalog, who, &label, false).owner);
        let html = |text: Option<String>| markdown::to_html(&text.unwrap_or_default());
        let pages = form.steps.into_iter().map(page);
        let label = |key: &str, usual: &str| {
            let labels = form.presentation.as_ref();
            let label = labels.and_then(|it| it.pointer(&format!("/buttonLabels/{key}"))?.as_str());
            label.unwrap_or(usual).to_owned()
        };
        Ok(TemplateFormView {
            entity_ref: form.template_ref.clone(),
            title: form.title.clone(),
            description: html(form.description.clone()),
            owner,
            pages: pages.collect(),
            create: label("createButtonText", "Create"),
            review: label("reviewButtonText", "Review"),
            back: label("backButtonText", "Back"),
            approvers: approvers(context, &form.approvers),
            problem: form.problem.clone(),
            hosts: context.tasks()?.repo_hosts(),
            may_run: form.problem.is_none() && context.tasks()?.offers(who, &form.template_ref),
            may_dry_run: form.problem.is_none()
                && context.tasks()?.may_dry_run(who, &form.template_ref),
        })
    }

    /// A page of a form.
    pub(crate) fn page(page: portico_tasks::TemplatePage) -> FormPageView {
        FormPageView {
            title: page.title,
            description: markdown::to_html(&page.description.unwrap_or_default()),
            schema: Value::Object(page.schema),
        }
    }

    /// Those that are named; expressions are decided when the task runs.
    fn approvers(context: &ServerContext, written: &[String]) -> Vec<EntityLabel> {
        let named = written.iter().filter(|it| !it.contains("${{"));
        let refs = named.filter_map(|it| EntityRef::parse(it, Some("group"), "default").ok());
        refs.map(|it| EntityLabel::of(&context.catalog, &context.principal, &it.to_string()))
            .collect()
    }
}
