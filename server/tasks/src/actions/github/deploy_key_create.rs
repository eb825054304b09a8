//! `github:deployKey:create`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{Place, place_inputs, secrets::OF_REPOSITORY};
use crate::actions::{Repositories, failed, fields, object, text, with};

/// Adds a deploy key.
pub(super) struct DeployKeyCreate(pub(super) Repositories);

#[async_trait]
impl Action for DeployKeyCreate {
    fn id(&self) -> &'static str {
        "github:deployKey:create"
    }

    fn description(&self) -> &'static str {
        "Adds a deploy key to a repository on GitHub, and its private half to the secrets."
    }

    fn input(&self) -> Value {
        let more = json!({
            "publicKey": text("The public half of the key."),
            "privateKey": text("The private half; becomes a secret of the repository."),
            "deployKeyName": text("What the key is called."),
            "privateKeySecretName": text("The name of the secret. Default: KEY_<deployKeyName>."),
        });
        object(
            &["repoUrl", "publicKey", "privateKey", "deployKeyName"],
            with(place_inputs(), more),
        )
    }

    fn output(&self) -> Value {
        let properties = json!({"privateKeySecretName": text("The name of the secret.")});
        object(&["privateKeySecretName"], properties)
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Add a key".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api",
                "publicKey": "ssh-ed25519 AAAA", "privateKey": "${{ secrets.deployKey }}",
                "deployKeyName": "deploy",
            }),
            output: fields(json!({"privateKeySecretName": "KEY_DEPLOY"})),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let name = context.required("deployKeyName")?;
        let secret = match context.text("privateKeySecretName") {
            Some(secret) => secret.to_owned(),
            None => format!("KEY_{}", name.to_uppercase().replace(' ', "_")),
        };
        let body = json!({"title": name, "key": context.required("publicKey")?});
        let summary = format!(
            "add the deploy key {name} and the secret {secret} to {}",
            place.url
        );
        if let Some(work) = place
            .begin(context, self.id(), summary, body.clone())
            .await?
        {
            let client = work.client().await?;
            // The secret first: it may be put again when the key is refused.
            let private = Value::String(context.required("privateKey")?.to_owned());
            let secrets = Map::from_iter([(secret.clone(), private)]);
            let put = OF_REPOSITORY.put_secrets(&client, &secrets).await;
            put.map_err(failed)?;
            let made = client.post("/keys", &body, "Administration: write").await;
            made.map_err(failed)?;
            work.done().await?;
            context.log(format!("{} has the deploy key {name}", place.url));
        }
        Ok(fields(json!({"privateKeySecretName": secret})))
    }
}
