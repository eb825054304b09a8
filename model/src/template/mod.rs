//! Templates of the scaffolder: `scaffolder.backstage.io/v1beta3`, `kind: Template`, as types.
//!
//! The form is needed by the browser and the steps by the engine, so both read a template
//! here. Expressions (`${{ … }}`) are left as they are written.

mod approval;
mod form;
mod output;
mod problem;
mod reader;
mod step;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use approval::Approval;
pub use form::{ButtonLabels, FormDecorator, Page};
pub use output::{Output, OutputLink, OutputText};
pub use problem::TemplateProblem;
pub use step::{Condition, Step};

use reader::Reader;

use crate::EntityRef;

/// The one version of templates there is.
pub const API_VERSION: &str = "scaffolder.backstage.io/v1beta3";

/// A template: a form, what is done with its values, and what comes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// The name in the catalog.
    pub name: String,
    /// The namespace in the catalog.
    pub namespace: String,
    /// The heading, `metadata.title`.
    pub title: Option<String>,
    /// What it is for, in Markdown.
    pub description: Option<String>,
    /// `metadata.tags`
    pub tags: Vec<String>,
    /// What it makes: `service`, `website`, …
    #[serde(rename = "type")]
    pub kind_of: String,
    /// The ref of who looks after it, as written.
    pub owner: Option<String>,
    /// `experimental`, `production`, …
    pub lifecycle: Option<String>,
    /// The pages of the form, in order; none for a template without parameters.
    pub pages: Vec<Page>,
    /// The JSON Schema that the secrets of a task must satisfy.
    pub secrets: Option<Value>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What is shown at the end.
    pub output: Output,
    /// What the buttons of the form say.
    pub buttons: ButtonLabels,
    /// What changes the values before they are sent.
    pub decorators: Vec<FormDecorator>,
    /// Options for the page of the form, `metadata.ui:options`.
    pub ui_options: Option<Value>,
    /// Whether a task whose process died starts again from the first step.
    pub starts_over: bool,
    /// Who has to agree before the first step is done.
    pub approval: Option<Approval>,
}

impl Template {
    /// Reads a template entity. All problems are told, each naming the step or page, and the
    /// field.
    pub fn parse(document: &Value) -> Result<Self, Vec<TemplateProblem>> {
        let root = Reader::new(document);
        let version = root.text("apiVersion");
        if version.as_deref() != Some(API_VERSION) {
            let found = version.map_or_else(|| "nothing".to_owned(), |it| format!("\"{it}\""));
            root.problem(
                "apiVersion",
                &format!("is {found}, and should be \"{API_VERSION}\""),
            );
        }
        if root
            .text("kind")
            .is_none_or(|it| !it.eq_ignore_ascii_case("Template"))
        {
            root.problem("kind", "should be \"Template\"");
        }
        let metadata = root.required_object("metadata");
        let spec = root.required_object("spec");
        let recovery = spec.object("EXPERIMENTAL_recovery");
        let strategy = recovery.and_then(|it| it.text("EXPERIMENTAL_strategy"));
        let template = Self {
            name: metadata.required_text("name"),
            namespace: metadata
                .text("namespace")
                .unwrap_or_else(|| "default".to_owned()),
            title: metadata.text("title"),
            description: metadata.text("description"),
            tags: metadata.texts("tags"),
            kind_of: spec.required_text("type"),
            owner: spec.text("owner"),
            lifecycle: spec.text("lifecycle"),
            pages: form::pages(&spec),
            secrets: spec
                .object("secrets")
                .and_then(|it| it.value("schema").cloned()),
            steps: step::steps(&spec),
            output: output::output(&spec),
            buttons: form::buttons(&spec),
            decorators: form::decorators(&spec),
            ui_options: metadata.value("ui:options").cloned(),
            starts_over: strategy.as_deref() == Some("startOver"),
            approval: approval::approval(&spec),
        };
        let problems = root.into_problems();
        if problems.is_empty() {
            Ok(template)
        } else {
            Err(problems)
        }
    }

    /// Its reference.
    pub fn entity_ref(&self) -> EntityRef {
        EntityRef::new("template", &self.namespace, &self.name)
    }

    /// The heading: the title, or else the name.
    pub fn heading(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(spec: Value) -> Value {
        json!({
            "apiVersion": API_VERSION,
            "kind": "Template",
            "metadata": {"name": "service", "title": "Service"},
            "spec": spec,
        })
    }

    #[test]
    fn everything_is_read() {
        let parsed = Template::parse(&template(json!({
            "type": "service",
            "owner": "team",
            "parameters": [
                {"title": "One", "required": ["name"], "properties": {"name": {"type": "string"}},
                 "backstage:permissions": {"tags": ["a"]}},
                {"properties": {}},
            ],
            "steps": [
                {"action": "debug:log", "input": {"message": "${{ parameters.name }}"}},
                {"id": "all", "name": "All", "action": "fs:delete", "if": false,
                 "each": "${{ parameters.list }}"},
            ],
            "secrets": {"schema": {"required": ["key"]}},
            "presentation": {"buttonLabels": {"createButtonText": "Go"}},
            "output": {"links": [{"title": "Repo", "url": "u"}], "text": [{"content": "c"}], "x": "y"},
            "EXPERIMENTAL_recovery": {"EXPERIMENTAL_strategy": "startOver"},
        })))
        .unwrap();
        assert_eq!(parsed.heading(), "Service");
        assert_eq!(parsed.entity_ref().to_string(), "template:default/service");
        assert_eq!(parsed.pages[0].title.as_deref(), Some("One"));
        assert_eq!(parsed.pages[0].permission_tags, ["a"]);
        assert!(!parsed.pages[0].schema.contains_key("backstage:permissions"));
        assert_eq!(
            (parsed.steps[0].id.as_str(), parsed.steps[0].name.as_str()),
            ("step-1", "debug:log")
        );
        assert_eq!(parsed.steps[1].condition, Some(Condition::Fixed(false)));
        assert_eq!(parsed.steps[1].each, Some(json!("${{ parameters.list }}")));
        assert_eq!(parsed.buttons.create.as_deref(), Some("Go"));
        assert_eq!(parsed.output.others["x"], json!("y"));
        assert!(parsed.starts_over && parsed.secrets.is_some());
    }

    #[test]
    fn one_page_needs_no_list() {
        let spec = json!({"type": "x", "steps": [], "parameters": {"properties": {}}});
        assert_eq!(Template::parse(&template(spec)).unwrap().pages.len(), 1);
    }

    #[test]
    fn problems_name_step_and_field() {
        let problems = Template::parse(&template(json!({
            "type": "x",
            "parameters": [{"title": "First", "properties": []}],
            "steps": [{"id": "fetch", "input": []}, {"actoin": "debug:log"}, "debug:log"],
        })))
        .unwrap_err();
        let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "page \"First\": spec.parameters[0].properties should be an object, and is a list",
                "step 3: spec.steps[2] should be an object, and is a text",
                "step \"fetch\": spec.steps[0].action is missing",
                "step \"fetch\": spec.steps[0].input should be an object, and is a list",
                "step 2: spec.steps[1].action is missing; did you mean it with \"actoin\"?",
            ]
        );
        assert_eq!(problems[2].pointer, "/spec/steps/0/action");
    }

    #[test]
    fn two_steps_of_one_id_are_a_problem() {
        let step = json!({"id": "a", "action": "debug:log"});
        let spec = json!({"type": "x", "steps": [step, step]});
        let problems = Template::parse(&template(spec)).unwrap_err();
        assert!(problems[0].to_string().contains("is also the id of step 1"));
    }

    #[test]
    fn other_documents_are_refused() {
        let problems = Template::parse(&json!({"kind": "Component"})).unwrap_err();
        assert!(problems.len() > 2);
        assert!(Template::parse(&json!([])).is_err());
    }
}
