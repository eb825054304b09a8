//! `catalog:register`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Effect, Example};

/// Registers a catalog file.
pub(super) struct CatalogRegister;

#[async_trait]
impl Action for CatalogRegister {
    fn id(&self) -> &'static str {
        "catalog:register"
    }

    fn description(&self) -> &'static str {
        "Registers a catalog file, so that its entities are in the catalog."
    }

    fn input(&self) -> Value {
        super::object(
            &[],
            json!({
                "catalogInfoUrl": super::text("The address of the file."),
                "repoContentsUrl": super::text("The address of the repository, in place of it."),
                "catalogInfoPath": super::text("The file in the repository. Default: /catalog-info.yaml."),
                "optional": super::flag("Whether to go on when it fails."),
            }),
        )
    }

    fn output(&self) -> Value {
        super::object(
            &["catalogInfoUrl"],
            json!({
                "entityRef": super::text("The entity, when it is known."),
                "catalogInfoUrl": super::text("The address of the file."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let url = "https://git.example.com/shop/orders/blob/main/catalog-info.yaml";
        super::example("Register a file", json!({ "catalogInfoUrl": url }))
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let url = match (
            context.text("catalogInfoUrl"),
            context.text("repoContentsUrl"),
        ) {
            (Some(url), _) => url.to_owned(),
            (None, Some(repository)) => {
                let path = context
                    .text("catalogInfoPath")
                    .unwrap_or("/catalog-info.yaml");
                let separator = if path.starts_with('/') { "" } else { "/" };
                format!("{}{separator}{path}", repository.trim_end_matches('/'))
            }
            (None, None) => {
                let text = "input.catalogInfoUrl or input.repoContentsUrl is missing";
                return Err(ActionError::Input(text.to_owned()));
            }
        };
        let mut output = super::output([("catalogInfoUrl", Value::String(url.clone()))]);
        if let Some(recorder) = &context.dry_run {
            recorder.record(Effect {
                step: context.step.clone(),
                action: self.id().to_owned(),
                summary: format!("register {url}"),
                details: json!({ "catalogInfoUrl": url }),
            });
            return Ok(output);
        }
        match context.catalog.register(&url).await {
            Ok(entity_ref) => {
                context.log(format!("registered {url}"));
                if let Some(entity_ref) = entity_ref {
                    output.insert("entityRef".to_owned(), entity_ref.to_string().into());
                }
                Ok(output)
            }
            Err(reason) if context.flag("optional") => {
                context.log(format!("{url} is not registered: {reason}"));
                Ok(output)
            }
            Err(reason) => Err(ActionError::Failed(reason)),
        }
    }
}
