//! Templates that somebody is writing.

use leptos::prelude::*;
use portico_model::repo_url::Host;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::tasks::DryRunView;
use super::templates::FormPageView;
use super::{Json, UiError};

/// A template to be written: the text to begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftView {
    /// All of the file.
    pub text: String,
    /// The template that it is made from; none for a new one.
    pub template: Option<String>,
    /// Where that is.
    pub location: String,
    /// The repository that it belongs to; empty when it is in none that Portico keeps.
    pub repository: String,
    /// Its path there.
    pub path: String,
    /// The ids of the actions there are, for completion.
    pub actions: Vec<String>,
    /// The hosts that repositories can be on.
    pub hosts: Vec<Host>,
}

/// What is to be said about a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftCheckView {
    /// Line (0 when it is about all of it) and text of each problem.
    pub problems: Vec<(usize, String)>,
    /// The pages of its form, when it is a template.
    pub pages: Option<Vec<FormPageView>>,
}

/// A template to be written, from one of the catalog or anew.
#[server(prefix = "/_ui", endpoint = "draft", input = Json, output = Json)]
pub async fn load_draft(from: Option<(String, String)>) -> Result<DraftView, UiError> {
    server::draft(&super::server_context()?, from).await
}

/// Checks a draft.
#[server(prefix = "/_ui", endpoint = "check-draft", input = Json, output = Json)]
pub async fn check_draft(text: String) -> Result<DraftCheckView, UiError> {
    server::check(&super::server_context()?, &text).await
}

/// Runs a draft without doing anything, with the files beside the template that it is made from.
#[server(prefix = "/_ui", endpoint = "dry-run-draft", input = Json, output = Json)]
pub async fn dry_run_draft(
    text: String,
    beside: Option<String>,
    values: Value,
    secrets: Value,
) -> Result<DryRunView, UiError> {
    server::dry_run(&super::server_context()?, &text, beside, values, secrets).await
}

/// Proposes a draft to a repository; gives the address of the change request.
#[server(prefix = "/_ui", endpoint = "propose-draft", input = Json, output = Json)]
pub async fn propose_draft(
    text: String,
    repository: String,
    path: String,
    title: String,
    body: String,
) -> Result<String, UiError> {
    let context = super::server_context()?;
    let draft = portico_tasks::ProposedDraft {
        text,
        repository,
        path,
        title,
        body,
    };
    let made = context
        .tasks()?
        .propose_draft(&context.principal, draft)
        .await?;
    Ok(made.url)
}

#[cfg(feature = "ssr")]
mod server {
    use portico_model::EntityRef;
    use portico_tasks::{DryRun, DryRunTemplate};
    use serde_json::Value;

    use super::{DraftCheckView, DraftView, FormPageView};
    use crate::{
        ServerContext,
        data::{
            UiError,
            tasks::{DryRunView, view_of_dry_run},
            templates::page,
        },
    };

    /// What a new template begins with.
    const BEGINNING: &str = include_str!("drafts/beginning.yaml");

    pub(super) async fn draft(
        context: &ServerContext,
        from: Option<(String, String)>,
    ) -> Result<DraftView, UiError> {
        let (tasks, who) = (context.tasks()?, &context.principal);
        let actions = tasks.actions(who).await?;
        let mut view = DraftView {
            text: BEGINNING.to_owned(),
            path: "templates/my-template/template.yaml".to_owned(),
            actions: actions.into_iter().map(|it| it.id).collect(),
            hosts: tasks.repo_hosts(),
            ..DraftView::default()
        };
        if let Some((namespace, name)) = from {
            let template = EntityRef::new("template", &namespace, &name);
            let source = tasks.template_source(who, &template).await?;
            view.text = source.text;
            view.template = Some(template.to_string());
            view.repository = source.repository.unwrap_or_default();
            view.path = source
                .path
                .unwrap_or_else(|| format!("templates/{name}/template.yaml"));
            view.location = source.location;
        }
        Ok(view)
    }

    pub(super) async fn check(
        context: &ServerContext,
        text: &str,
    ) -> Result<DraftCheckView, UiError> {
        let check = context
            .tasks()?
            .check_draft(&context.principal, text)
            .await?;
        let problems = check.problems.into_iter();
        Ok(DraftCheckView {
            problems: problems
                .map(|it| (it.line.unwrap_or_default(), it.message))
                .collect(),
            pages: check
                .form
                .map(|form| form.steps.into_iter().map(shown).collect()),
        })
    }

    /// A page of the form beside the text: it does not take the caret out of it.
    fn shown(form: portico_tasks::TemplatePage) -> FormPageView {
        let mut page = page(form);
        without_autofocus(&mut page.schema);
        page
    }

    fn without_autofocus(schema: &mut Value) {
        match schema {
            Value::Object(fields) => {
                fields.shift_remove("ui:autofocus");
                fields.values_mut().for_each(without_autofocus);
            }
            Value::Array(items) => items.iter_mut().for_each(without_autofocus),
            _ => {}
        }
    }

    pub(super) async fn dry_run(
        context: &ServerContext,
        text: &str,
        beside: Option<String>,
        values: Value,
        secrets: Value,
    ) -> Result<DryRunView, UiError> {
        let (tasks, who) = (context.tasks()?, &context.principal);
        let check = tasks.check_draft(who, text).await?;
        let entity = check
            .entity
            .ok_or_else(|| UiError::invalid("the draft is no YAML yet; its problems say why"))?;
        let dry = DryRun {
            template: DryRunTemplate::Draft(entity),
            values,
            secrets,
            beside,
            directory_contents: Vec::new(),
        };
        Ok(view_of_dry_run(tasks.dry_run(who, dry).await?))
    }
}
