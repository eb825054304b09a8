//! `github:repo:create`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::NewRepository;
use serde_json::{Map, Value, json};

use super::{Place, place_inputs, publish::visibility, setup};
use crate::actions::{Repositories, choice, failed, fields, flag, object, text, with};

/// Makes a repository without the files of the workspace.
pub(super) struct RepoCreate(pub(super) Repositories);

#[async_trait]
impl Action for RepoCreate {
    fn id(&self) -> &'static str {
        "github:repo:create"
    }

    fn description(&self) -> &'static str {
        "Makes a repository on GitHub and applies its settings; github:repo:push brings the files."
    }

    fn input(&self) -> Value {
        let more = json!({
            "autoInit": flag("Whether GitHub makes a first commit with a README. Default: false."),
            "workflowAccess": choice(
                &["none", "organization", "user"],
                "Which other repositories may use its workflows."),
        });
        let properties = with(place_inputs(), setup::inputs());
        object(&["repoUrl"], with(properties, more))
    }

    fn output(&self) -> Value {
        let properties = json!({
            "remoteUrl": text("What git clones."),
            "repoContentsUrl": text("What catalog:register takes, once there are files."),
        });
        object(&["remoteUrl", "repoContentsUrl"], properties)
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Make an empty repository".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api", "description": "Takes orders",
            }),
            output: fields(json!({
                "remoteUrl": "https://github.com/contoso/orders-api.git",
                "repoContentsUrl": "https://github.com/contoso/orders-api/blob/master",
            })),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let details = json!({"action": self.id()});
        let audit = self.0.scm.may_create(&self.0.who, &place.url, details);
        let audit = audit.map_err(failed)?;
        let summary = format!("make the empty repository {}", place.url);
        if !place.tell(context, self.id(), summary, setup::described(context, None)) {
            let new = NewRepository {
                key: Some(format!("{}/{}", context.task, context.step)),
                visibility: visibility(context),
                ..NewRepository::default()
            };
            let work = place.work(audit);
            let client = work.client().await?;
            let with_readme = context.flag("autoInit");
            client
                .create_empty(&new, with_readme)
                .await
                .map_err(failed)?;
            setup::apply(&client, context, &place.url, None).await?;
            let description = context.text("description").unwrap_or_default();
            client.describe_as(description).await.map_err(failed)?;
            work.done().await?;
            context.log(format!("made {}", place.url));
        }
        Ok(fields(json!({
            "remoteUrl": format!("{}.git", place.url),
            "repoContentsUrl": place.repository.contents_url(super::publish::DEFAULT_BRANCH),
        })))
    }
}
