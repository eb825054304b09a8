//! Creating a task.

use portico_access::{Action, Principal, Resource};
use portico_model::EntityRef;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{MAX_DEPTH, Result, Tasks, TasksError, fitting::picked, parameters::has_secrets};

/// A task to be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewTask {
    /// The template: `template:default/name`, or its name.
    pub template_ref: String,
    /// What the form gave.
    #[serde(default)]
    pub values: Value,
    /// What only steps may see. Kept encrypted until the task ends.
    #[serde(default)]
    pub secrets: Value,
    /// The entity that it is for, when it was started from one; else the first that the form
    /// picks.
    #[serde(default)]
    pub entity_ref: Option<String>,
    /// How many tasks created one another before it; 0 when a person asks.
    #[serde(skip)]
    pub depth: u8,
}

impl Tasks {
    /// Creates a task and gives its id. What can be known to be wrong is refused: values that
    /// do not satisfy the template, actions that are not here, inputs that are missing.
    pub async fn create(&self, who: &Principal, new: NewTask) -> Result<Uuid> {
        let template_ref = template_ref(&new.template_ref)?;
        let name = template_ref.to_string();
        let entity_ref = new.entity_ref.as_deref().map(entity_ref).transpose()?;
        if new.depth > MAX_DEPTH {
            return Err(TasksError::Input(format!(
                "tasks that create tasks go no deeper than {MAX_DEPTH}"
            )));
        }
        let id = Uuid::now_v7();
        let label = id.to_string();
        let details = json!({"template": name, "entity": entity_ref, "task": label});
        let audit = self.allowed(
            who,
            Action::TemplateExecute,
            &Resource::Template(&name),
            details,
        )?;
        let mut spec = self.template_spec(who, &template_ref).await?;
        spec.depth = new.depth;
        let template = spec.template()?;
        let registry = self.registry(who, None).await?;
        portico_scaffolder::check(&template, &registry).map_err(|error| TasksError::Template {
            template: name.clone(),
            reason: error.to_string(),
        })?;
        let accepted = self.accepted(who, &template, new.values, &new.secrets);
        let values = accepted.await?;
        let picked = picked(&template, &values);
        let row = portico_store::NewTask {
            id,
            template_ref: name,
            spec: encoded(&spec)?,
            parameters: encoded(&values)?,
            secrets: self.sealed(&label, &new.secrets)?,
            entity_ref: entity_ref.or(picked),
            state: encoded(&portico_scaffolder::TaskState::default())?,
        };
        self.store().add_task(&row, &audit).await?;
        self.0.woken.notify_one();
        Ok(id)
    }

    /// Secrets as they are stored; `None` when there are none.
    pub(crate) fn sealed(&self, id: &str, secrets: &Value) -> Result<Option<Vec<u8>>> {
        if !has_secrets(secrets) {
            return Ok(None);
        }
        let sealed = self.secrets_key()?.seal(id, encoded(secrets)?.as_bytes());
        sealed
            .map(Some)
            .map_err(|error| TasksError::inconsistent(format!("task {id}"), error))
    }
}

/// The reference of a template as people write it.
pub(crate) fn template_ref(text: &str) -> Result<EntityRef> {
    EntityRef::parse(text, Some("template"), EntityRef::DEFAULT_NAMESPACE)
        .map_err(|error| TasksError::Input(format!("templateRef: {error}")))
}

fn entity_ref(text: &str) -> Result<String> {
    EntityRef::parse(text, None, EntityRef::DEFAULT_NAMESPACE)
        .map(|it| it.to_string())
        .map_err(|error| TasksError::Input(format!("entityRef: {error}")))
}

pub(crate) fn encoded(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| TasksError::inconsistent("a task", error))
}
