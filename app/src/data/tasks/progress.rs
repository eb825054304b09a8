//! Tasks and actions of the service, as pages show them.

use portico_catalog::{Direction, EntityQuery};
use portico_model::Predicate;
use portico_tasks::{EventView, TaskQuery};
use serde_json::Value;
use uuid::Uuid;

use super::{
    ActionView, LogLine, PropertyView, SecretView, TASKS_PAGE, TaskRow, TaskStep, TaskView,
    TasksAsked, TasksView, answers,
};
use crate::{
    ServerContext,
    data::{EntityLabel, UiError, markdown, now_millis},
    paths,
};

/// How many looks at what a task said make one answer; each is 1,000 events.
const MOST_LOOKS: usize = 20;

/// Templates that a list can be narrowed to.
const MOST_TEMPLATES: usize = 200;

/// Tasks that are named on an entity's page.
const OF_ENTITY: usize = 5;

/// The id of a task in an address.
pub(super) fn id(text: &str) -> Result<Uuid, UiError> {
    let missing = portico_tasks::TasksError::NotFound(format!("task {text}"));
    text.parse().map_err(|_| missing.into())
}

pub(super) async fn list(context: &ServerContext, asked: TasksAsked) -> Result<TasksView, UiError> {
    let who = &context.principal;
    let everybody = asked.everybody || asked.entity_ref.is_some();
    let query = TaskQuery {
        statuses: Some(asked.status)
            .filter(|it| !it.is_empty())
            .into_iter()
            .collect(),
        created_by: (!everybody).then(|| who.label()),
        entity_ref: asked.entity_ref,
        template_ref: asked.template_ref,
        offset: asked.page as usize * TASKS_PAGE as usize,
        limit: TASKS_PAGE as usize,
        ..TaskQuery::default()
    };
    let found = context.tasks()?.list(who, query).await?;
    Ok(TasksView {
        rows: found.tasks.iter().map(|task| row(context, task)).collect(),
        total: found.total,
        templates: templates(context)?,
        now: now_millis(),
    })
}

/// The templates that lists can be narrowed to.
fn templates(context: &ServerContext) -> Result<Vec<(String, String)>, UiError> {
    let query = EntityQuery {
        predicate: Predicate::In("kind".to_owned(), vec!["template".to_owned()]),
        order: vec![("metadata.name".to_owned(), Direction::Asc)],
        limit: MOST_TEMPLATES,
        ..EntityQuery::default()
    };
    let found = context.catalog.labels(&context.principal, &query)?;
    let found = found.items.iter().map(EntityLabel::from);
    Ok(found.map(|it| (it.entity_ref, it.title)).collect())
}

/// What templates did with an entity. The entity is what its page is about: nothing here makes
/// the page fail.
pub(crate) async fn of_entity(context: &ServerContext, entity_ref: &str) -> TasksView {
    let Ok(tasks) = context.tasks() else {
        return TasksView::default();
    };
    let query = TaskQuery {
        entity_ref: Some(entity_ref.to_owned()),
        limit: OF_ENTITY,
        ..TaskQuery::default()
    };
    let found = tasks.list(&context.principal, query).await;
    found.map_or_else(
        |_| TasksView::default(),
        |found| TasksView {
            rows: found.tasks.iter().map(|task| row(context, task)).collect(),
            total: found.total,
            templates: Vec::new(),
            now: now_millis(),
        },
    )
}

/// The files that a task names when it ends, and how many more there are.
fn files(events: &[EventView]) -> (Vec<String>, u64) {
    let mut ends = events.iter().rev().filter(|it| it.kind == "completion");
    let Some(body) = ends.next().map(|it| &it.body) else {
        return (Vec::new(), 0);
    };
    let files = body["files"].as_array().into_iter().flatten();
    let paths = files.filter_map(|it| it["path"].as_str().map(str::to_owned));
    (paths.collect(), body["moreFiles"].as_u64().unwrap_or(0))
}

pub(super) async fn task(
    context: &ServerContext,
    text: &str,
    after: i64,
) -> Result<TaskView, UiError> {
    let (tasks, who) = (context.tasks()?, &context.principal);
    let id = id(text)?;
    let task = tasks.get(who, id).await?;
    let (may_cancel, may_retry) = (tasks.may_cancel(who, &task), tasks.may_retry(who, &task));
    let approvals = tasks.approvals_of(who, id).await?;
    let mut events = Vec::new();
    for _ in 0..MOST_LOOKS {
        let last = events.last().map_or(after, |it: &EventView| it.id);
        let more = tasks.events(who, id, last).await?;
        if more.is_empty() {
            break;
        }
        events.extend(more);
    }
    let mut steps: Vec<TaskStep> = task
        .steps
        .iter()
        .map(|step| TaskStep {
            id: step.id.clone(),
            name: step.name.clone(),
            action: step.action.clone(),
            ..TaskStep::default()
        })
        .collect();
    for event in &events {
        follow(&mut steps, event);
    }
    let output = task.output.as_ref();
    let of_output = |key: &str| {
        let all = output.and_then(|it| it.get(key)?.as_array());
        all.into_iter().flatten()
    };
    let text = |value: &Value, key: &str| {
        let text = value.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let last = events.last().map_or(after, |it| it.id);
    let (files, more_files) = files(&events);
    let parameters = match after {
        0 => answers::of(context, tasks, &task).await,
        _ => Vec::new(),
    };
    Ok(TaskView {
        row: row(context, &task),
        template: EntityLabel::of(&context.catalog, who, &task.template_ref),
        stopping: task.cancel_requested && !task.has_ended(),
        parameters,
        steps,
        lines: events.into_iter().filter_map(line).collect(),
        last,
        links: of_output("links").filter_map(link).collect(),
        texts: of_output("text")
            .map(|it| (text(it, "title"), markdown::to_html(&text(it, "content"))))
            .collect(),
        files,
        more_files,
        ended: task.has_ended(),
        may_stop: may_cancel && !task.has_ended(),
        may_repeat: tasks.offers(who, &task.template_ref),
        may_retry: may_retry && task.can_be_retried(),
        secrets: task
            .secrets
            .into_iter()
            .map(|it| SecretView {
                name: it.name,
                title: it.title,
                required: it.required,
            })
            .collect(),
        approvals: approvals
            .into_iter()
            .map(|it| super::approvals::view(context, it))
            .collect(),
        again: paths::template_again(&task.template_ref, &task.parameters),
        error: task.error,
        now: now_millis(),
    })
}

fn row(context: &ServerContext, task: &portico_tasks::TaskView) -> TaskRow {
    let label = |it: &str| EntityLabel::of(&context.catalog, &context.principal, it);
    TaskRow {
        id: task.id.to_string(),
        title: task.template_title.clone(),
        status: match task.waits {
            true => "approval".to_owned(),
            false => task.status.clone(),
        },
        created_by: label(&task.created_by),
        entity: task.entity_ref.as_deref().map(label),
        created_at: task.created_at,
        took: task
            .ended_at
            .map(|it| it - task.started_at.unwrap_or(task.created_at)),
    }
}

/// What an event says of a step.
fn follow(steps: &mut [TaskStep], event: &EventView) {
    let text = |key: &str| event.body.get(key).and_then(Value::as_str);
    let (Some(id), Some(status)) = (text("stepId"), text("status")) else {
        return;
    };
    let Some(step) = steps.iter_mut().find(|step| step.id == id) else {
        return;
    };
    status.clone_into(&mut step.status);
    match status {
        "processing" => (step.started_at, step.ended_at) = (Some(event.created_at), None),
        _ => step.ended_at = Some(event.created_at),
    }
}

fn line(event: EventView) -> Option<LogLine> {
    let text = |key: &str| {
        event
            .body
            .get(key)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let message = plain(&text("message")?);
    Some(LogLine {
        id: event.id,
        at: event.created_at,
        step: text("stepId"),
        level: text("level").unwrap_or_else(|| match text("status").as_deref() {
            Some("failed") => "error".to_owned(),
            _ => "info".to_owned(),
        }),
        message,
    })
}

/// A text without the sequences that colour terminals.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = after.find(|it: char| ('@'..='~').contains(&it));
        rest = end.map_or("", |end| &after[end + 1..]);
    }
    out.push_str(rest);
    out
}

/// A link of the output, to the web or within the portal.
fn link(link: &Value) -> Option<(String, String)> {
    let text = |key: &str| link.get(key).and_then(Value::as_str);
    let href = match (text("url"), text("entityRef")) {
        (Some(url), _) => {
            let own = url.starts_with('/') && !url.starts_with("//");
            let web = url.starts_with("https://") || url.starts_with("http://");
            let repository = url.strip_prefix("local:").map(paths::repository);
            repository.or_else(|| (own || web).then(|| url.to_owned()))?
        }
        (None, Some(entity)) => paths::entity(&crate::data::reference(entity)),
        (None, None) => return None,
    };
    Some((text("title").unwrap_or(&href).to_owned(), href))
}

pub(super) fn action(action: portico_tasks::ActionView) -> ActionView {
    let text = |value: &Value, key: &str| {
        let text = value.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    ActionView {
        input: properties(action.schema.get("input")),
        output: properties(action.schema.get("output")),
        examples: action
            .examples
            .iter()
            .map(|it| (text(it, "description"), text(it, "example")))
            .collect(),
        description: markdown::to_html(&action.description),
        dry_run: action.supports_dry_run,
        plugin: action.plugin,
        id: action.id,
    }
}

fn properties(schema: Option<&Value>) -> Vec<PropertyView> {
    let all = schema.and_then(|it| it.get("properties")?.as_object());
    let required = schema.and_then(|it| it.get("required")?.as_array());
    let all = all.into_iter().flatten();
    all.map(|(name, property)| PropertyView {
        name: name.clone(),
        kind: match property.get("type") {
            Some(Value::String(kind)) => kind.clone(),
            Some(Value::Array(kinds)) => {
                let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
                kinds.join(" or ")
            }
            _ => "any".to_owned(),
        },
        required: required.is_some_and(|it| it.iter().any(|it| it == name.as_str())),
        description: property
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn colours_of_terminals_are_left_out() {
        assert_eq!(plain("\u{1b}[32mok\u{1b}[0m \u{1b}[1;31mno"), "ok no");
        assert_eq!(plain("plain"), "plain");
        assert_eq!(plain("cut \u{1b}[3"), "cut ");
    }

    #[test]
    fn links_lead_to_the_web_or_into_the_portal() {
        let href = |it: Value| link(&it).map(|(_, href)| href);
        assert_eq!(
            href(json!({"url": "local:a"})).as_deref(),
            Some("/repositories/a")
        );
        assert_eq!(href(json!({"url": "javascript:x"})), None);
        assert_eq!(
            href(json!({"entityRef": "component:default/a"})).as_deref(),
            Some("/catalog/default/component/a")
        );
    }
}
