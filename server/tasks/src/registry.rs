//! The actions there are: native ones, those on repositories, and plugins.

use std::{path::Path, sync::Arc};

use portico_access::{Action as Permission, Principal, Resource};
use portico_scaffolder::{Action, Registry};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    Result, Tasks,
    actions::{
        BackstageRequest, KeyVaultSecretCreate, PluginAction, PublishGit, PublishGitPullRequest,
        Repositories, azure_actions, github_actions,
    },
};

/// Where a task works.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Its folder.
    pub(crate) folder: &'a Path,
    /// How deep it is among tasks that create tasks.
    pub(crate) depth: u8,
}

/// An action, for authors of templates.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionView {
    /// What steps call it.
    pub id: String,
    /// What it does.
    pub description: String,
    /// How it is used: `description` and `example`, the text of a step.
    pub examples: Vec<Value>,
    /// `input` and `output` as JSON Schemas.
    pub schema: Value,
    /// Whether dry runs call it.
    pub supports_dry_run: bool,
    /// The plugin and its version, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<String>,
}

impl Tasks {
    /// Every action that templates can use here, by id.
    pub async fn actions(&self, who: &Principal) -> Result<Vec<ActionView>> {
        self.require(who, Permission::TemplateRead, &Resource::Any)?;
        let plugins = self.plugin_actions(who, None).await?;
        let versions: Vec<(String, String)> = plugins
            .iter()
            .map(|it| (it.id().to_owned(), it.version()))
            .collect();
        let registry = self.registry(who, None).await?;
        let views = registry.iter().map(|action| {
            let version = versions.iter().find(|(id, _)| id == action.id());
            view(&**action, version.map(|(_, version)| version.clone()))
        });
        Ok(views.collect())
    }

    /// The actions for a task of somebody that works in a place; without one, only to check.
    pub(crate) async fn registry(
        &self,
        who: &Principal,
        place: Option<Place<'_>>,
    ) -> Result<Registry> {
        let mut more: Vec<Arc<dyn Action>> = Vec::new();
        if let Some(scm) = &self.0.scm {
            let repositories = Repositories {
                scm: scm.clone(),
                who: who.clone(),
                integrations: self.catalog().sources().integrations().clone(),
            };
            more.extend(azure_actions(&repositories));
            more.push(Arc::new(KeyVaultSecretCreate(repositories.clone())));
            more.push(Arc::new(PublishGit(repositories.clone())));
            more.extend(github_actions(&repositories));
            more.push(Arc::new(PublishGitPullRequest(repositories)));
        }
        if let Some(api) = self.0.portal.get() {
            more.push(Arc::new(BackstageRequest {
                api: api.clone(),
                who: who.clone(),
                depth: place.map_or(0, |it| it.depth),
            }));
        }
        let native = Registry::native().with(more);
        let folder = place.map(|it| it.folder);
        let plugins = self.plugin_actions(who, folder).await?.into_iter();
        // A plugin does not stand in for what is native.
        let plugins = plugins.filter(|it| native.get(it.id()).is_none());
        let plugins: Vec<Arc<dyn Action>> =
            plugins.map(|it| Arc::new(it) as Arc<dyn Action>).collect();
        Ok(native.with(plugins))
    }

    async fn plugin_actions(
        &self,
        who: &Principal,
        folder: Option<&Path>,
    ) -> Result<Vec<PluginAction>> {
        let Some(plugins) = &self.0.plugins else {
            return Ok(Vec::new());
        };
        let manifests = plugins.scaffolder_actions().await?.into_iter();
        let actions = manifests.filter_map(|manifest| {
            let scm = self.0.scm.clone();
            PluginAction::new(plugins.clone(), who.clone(), manifest, scm, folder)
        });
        Ok(actions.collect())
    }
}

fn view(action: &dyn Action, plugin: Option<String>) -> ActionView {
    let examples = action.examples().into_iter().map(|example| {
        let steps = json!({"steps": [{"action": action.id(), "input": example.input}]});
        json!({
            "description": example.description,
            // JSON is YAML.
            "example": serde_json::to_string_pretty(&steps).unwrap_or_default(),
            "input": example.input,
        })
    });
    ActionView {
        id: action.id().to_owned(),
        description: action.description().to_owned(),
        examples: examples.collect(),
        schema: json!({"input": action.input(), "output": action.output()}),
        supports_dry_run: action.supports_dry_run(),
        plugin,
    }
}
