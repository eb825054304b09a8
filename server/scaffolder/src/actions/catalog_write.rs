//! `catalog:write`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// Says which template made an entity.
const SOURCE_TEMPLATE: &str = "backstage.io/source-template";

/// Writes a catalog file.
pub(super) struct CatalogWrite;

#[async_trait]
impl Action for CatalogWrite {
    fn id(&self) -> &'static str {
        "catalog:write"
    }

    fn description(&self) -> &'static str {
        "Writes an entity into a catalog file of the workspace, and notes the template it is from."
    }

    fn input(&self) -> Value {
        super::object(
            &["entity"],
            json!({
                "entity": {"type": "object", "description": "The entity."},
                "filePath": super::text("The file. Default: catalog-info.yaml."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let entity = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": "orders"},
            "spec": {"type": "service", "lifecycle": "production", "owner": "shop"},
        });
        super::example("Write a component", json!({ "entity": entity }))
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let mut entity = context.input.get("entity").cloned().unwrap_or_default();
        if let (Some(template), Some(metadata)) = (
            &context.template_ref,
            entity.get_mut("metadata").and_then(Value::as_object_mut),
        ) {
            let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
            if let Some(annotations) = annotations.as_object_mut() {
                annotations.insert(SOURCE_TEMPLATE.to_owned(), template.as_str().into());
            }
        }
        let path = context.text("filePath").unwrap_or("catalog-info.yaml");
        let text = super::yaml::document(&entity);
        context.workspace.write(path, text.as_bytes(), false)?;
        context.log(format!("wrote {path}"));
        Ok(Map::new())
    }
}
