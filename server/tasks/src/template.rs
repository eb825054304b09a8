//! Templates of the catalog: found, read, and shown as forms.

use portico_access::{Action, Principal, Resource};
use portico_model::{EntityRef, annotations, template::Template};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{Result, Tasks, TasksError, principal::Credential};

/// A template as it was when a task was created; kept with the task.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Spec {
    /// The entity.
    pub(crate) entity: Value,
    /// Where it is, as `kind:target`: what relative addresses start from.
    pub(crate) base_url: Option<String>,
    /// What templates see as `user`.
    pub(crate) user: Value,
    /// How many tasks above it created one another; 0 for one that a person created.
    #[serde(default)]
    pub(crate) depth: u8,
    /// What the credential that it was created with allows; `None` when that is everything.
    #[serde(default)]
    pub(crate) credential: Option<Credential>,
}

impl Spec {
    pub(crate) fn template(&self) -> Result<Template> {
        parse(&self.entity)
    }
}

/// The form of a template, as `…/parameter-schema` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateForm {
    /// Its reference.
    pub template_ref: String,
    /// The heading.
    pub title: String,
    /// What it is for, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The pages of the form.
    pub steps: Vec<TemplatePage>,
    /// What the buttons say: `presentation` of the template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presentation: Option<Value>,
    /// What changes the values before they are sent.
    #[serde(rename = "EXPERIMENTAL_formDecorators")]
    pub form_decorators: Value,
    /// Options of the page.
    #[serde(rename = "ui:options", skip_serializing_if = "Option::is_none")]
    pub ui_options: Option<Value>,
    /// Who has to agree before the first step, as written: refs or expressions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<String>,
    /// Why it cannot run here, if it cannot: a missing action, say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A page of a form.
#[derive(Clone, Debug, Serialize)]
pub struct TemplatePage {
    /// The heading.
    pub title: String,
    /// What stands below it, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The JSON Schema of its values, with its hints.
    pub schema: Map<String, Value>,
}

impl Tasks {
    /// The form of a template. One that cannot run here says why in `problem`.
    pub async fn template_form(
        &self,
        who: &Principal,
        template_ref: &EntityRef,
    ) -> Result<TemplateForm> {
        let name = template_ref.to_string();
        // What is hidden is not there, rather than forbidden.
        let spec = self.template_spec(who, template_ref).await?;
        self.require(who, Action::TemplateRead, &Resource::Template(&name))?;
        let template = spec.template()?;
        let registry = self.registry(who, None).await?;
        let problem = portico_scaffolder::check(&template, &registry).err();
        Ok(form_of(&template, &spec, problem.map(|it| it.to_string())))
    }

    /// The template of a reference, with the user who asks.
    pub(crate) async fn template_spec(
        &self,
        who: &Principal,
        template_ref: &EntityRef,
    ) -> Result<Spec> {
        if template_ref.kind() != "template" {
            return Err(TasksError::NotFound(format!("template {template_ref}")));
        }
        let body = self.catalog().entity(who, template_ref).await?;
        let mut entity: Value = serde_json::from_slice(&body)
            .map_err(|error| TasksError::inconsistent(template_ref.to_string(), error))?;
        let base_url = base_url(&entity);
        if let Some(fields) = entity.as_object_mut() {
            // They change without the template, and are of no use to a task.
            fields.remove("relations");
            fields.remove("status");
        }
        Ok(Spec {
            entity,
            base_url,
            user: self.user(who).await?,
            depth: 0,
            credential: Credential::of(who),
        })
    }
}

/// The form of a template, and why it cannot run here, if it cannot.
pub(crate) fn form_of(template: &Template, spec: &Spec, problem: Option<String>) -> TemplateForm {
    let pages = template.pages.iter().map(|page| TemplatePage {
        title: page
            .title
            .clone()
            .unwrap_or_else(|| "Please enter the following information".to_owned()),
        description: page.description.clone(),
        schema: page.schema.clone(),
    });
    TemplateForm {
        template_ref: template.entity_ref().to_string(),
        title: template.heading().to_owned(),
        description: template.description.clone(),
        steps: pages.collect(),
        presentation: spec.entity.pointer("/spec/presentation").cloned(),
        form_decorators: json!(template.decorators),
        ui_options: template.ui_options.clone(),
        approvers: template
            .approval
            .clone()
            .map(|it| it.by)
            .unwrap_or_default(),
        problem,
    }
}

/// Where an entity's file is.
fn base_url(entity: &Value) -> Option<String> {
    let annotations = entity.get("metadata")?.get("annotations")?;
    let location = annotations.get(annotations::MANAGED_BY_LOCATION)?;
    Some(location.as_str()?.to_owned())
}

/// Reads a template; everything that is wrong with it is told.
pub(crate) fn parse(entity: &Value) -> Result<Template> {
    Template::parse(entity).map_err(|problems| {
        let name = entity.pointer("/metadata/name").and_then(Value::as_str);
        let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
        TasksError::Template {
            template: name.unwrap_or("without a name").to_owned(),
            reason: texts.join("; "),
        }
    })
}
