//! `catalog:fetch`

use async_trait::async_trait;
use portico_model::EntityRef;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// Reads entities.
pub(super) struct CatalogFetch;

#[async_trait]
impl Action for CatalogFetch {
    fn id(&self) -> &'static str {
        "catalog:fetch"
    }

    fn description(&self) -> &'static str {
        "Reads one entity, or several, from the catalog."
    }

    fn input(&self) -> Value {
        super::object(
            &[],
            json!({
                "entityRef": super::text("The entity."),
                "entityRefs": super::texts("The entities, in place of entityRef."),
                "optional": super::flag("Whether one that is not there is null, not an error."),
                "defaultKind": super::text("The kind of refs without one."),
                "defaultNamespace": super::text("The namespace of refs without one."),
            }),
        )
    }

    fn output(&self) -> Value {
        super::object(
            &[],
            json!({"entity": {"type": ["object", "null"]}, "entities": {"type": "array"}}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        super::example("Read the owner", json!({"entityRef": "group:default/shop"}))
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        if let Some(reference) = context.text("entityRef") {
            return Ok(super::output([(
                "entity",
                entity(context, reference).await?,
            )]));
        }
        let references = context.texts("entityRefs");
        if references.is_empty() {
            let text = "input.entityRef or input.entityRefs is missing";
            return Err(ActionError::Input(text.to_owned()));
        }
        let mut entities = Vec::new();
        for reference in references {
            entities.push(entity(context, reference).await?);
        }
        Ok(super::output([("entities", Value::Array(entities))]))
    }
}

async fn entity(context: &ActionContext, reference: &str) -> Result<Value, ActionError> {
    let namespace = context
        .text("defaultNamespace")
        .unwrap_or(EntityRef::DEFAULT_NAMESPACE);
    let parsed = EntityRef::parse(reference, context.text("defaultKind"), namespace)
        .map_err(|error| ActionError::Input(error.to_string()))?;
    let found = context
        .catalog
        .entity(&parsed)
        .await
        .map_err(ActionError::Failed)?;
    match found {
        Some(entity) => Ok(entity),
        None if context.flag("optional") => Ok(Value::Null),
        None => Err(ActionError::Failed(format!(
            "{parsed} is not in the catalog"
        ))),
    }
}
