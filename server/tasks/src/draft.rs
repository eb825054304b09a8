//! Templates that somebody is writing: checked as they are typed, and proposed.

use portico_access::{Action, Principal, Resource};
use portico_model::{
    EntityRef,
    template::Template,
    yaml::{self, Limits},
};
use portico_scaffolder::TaskError;
use portico_scm::{ChangeRequest, Edit, Proposal};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{
    Result, Tasks, TasksError,
    fetch::{TemplateFetch, repository},
    template::{Spec, TemplateForm, form_of},
};

/// A template may not be longer, in bytes.
const MAX_DRAFT: usize = 256 << 10;

/// What is to be said about a draft.
#[derive(Clone, Debug)]
pub struct DraftCheck {
    /// What is wrong with it.
    pub problems: Vec<DraftProblem>,
    /// The entity, when it is YAML.
    pub entity: Option<Value>,
    /// Its form, when it is a template.
    pub form: Option<TemplateForm>,
}

/// Something wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftProblem {
    /// The line, from 1, where there is one.
    pub line: Option<usize>,
    /// What is wrong, and where.
    pub message: String,
}

/// The file of a template.
#[derive(Clone, Debug)]
pub struct TemplateSource {
    /// All of it.
    pub text: String,
    /// Where it is, as `kind:target`.
    pub location: String,
    /// The repository that Portico keeps which it is in.
    pub repository: Option<String>,
    /// Its path in that repository.
    pub path: Option<String>,
}

/// A draft to be proposed.
#[derive(Clone, Debug)]
pub struct ProposedDraft {
    /// All of it.
    pub text: String,
    /// The repository, as source control names it.
    pub repository: String,
    /// The path of the file in it.
    pub path: String,
    /// What the change request is called.
    pub title: String,
    /// What it is about, in Markdown.
    pub body: String,
}

impl Tasks {
    /// Checks a draft: its YAML, its fields, its steps, its expressions.
    pub async fn check_draft(&self, who: &Principal, text: &str) -> Result<DraftCheck> {
        self.require(who, Action::TemplateDryRun, &Resource::Any)?;
        if text.len() > MAX_DRAFT {
            return Err(TasksError::Input(format!(
                "a template has at most {} KiB",
                MAX_DRAFT >> 10
            )));
        }
        let entity = match yaml::parse_single(text, &Limits::default()) {
            Ok(entity) => entity,
            Err(error) => {
                return Ok(DraftCheck {
                    problems: vec![DraftProblem {
                        line: Some(error.line),
                        message: match error.hint {
                            Some(hint) => format!("{}: {hint}", error.message),
                            None => error.message,
                        },
                    }],
                    entity: None,
                    form: None,
                });
            }
        };
        let template = match Template::parse(&entity) {
            Ok(template) => template,
            Err(problems) => {
                let problems = problems.into_iter().map(|problem| DraftProblem {
                    line: problem.locate(text).map(|it| it.line),
                    message: problem.to_string(),
                });
                return Ok(DraftCheck {
                    problems: problems.collect(),
                    entity: Some(entity),
                    form: None,
                });
            }
        };
        let mut problems = self.expressions_of(&entity, text);
        let registry = self.registry(who, None).await?;
        let wrong = portico_scaffolder::check(&template, &registry).err();
        let unknown = portico_scaffolder::unknown_inputs(&template, &registry);
        problems.extend(wrong.into_iter().chain(unknown).map(|error| {
            DraftProblem {
                line: places(&template, &error)
                    .iter()
                    .find_map(|pointer| yaml::locate_key(text, pointer))
                    .map(|it| it.line),
                message: error.to_string(),
            }
        }));
        let spec = Spec {
            entity: entity.clone(),
            base_url: None,
            user: Value::Null,
            depth: 0,
            credential: None,
        };
        let form = form_of(
            &template,
            &spec,
            problems.first().map(|it| it.message.clone()),
        );
        Ok(DraftCheck {
            problems,
            entity: Some(entity),
            form: Some(form),
        })
    }

    /// The file of a registered template.
    pub async fn template_source(
        &self,
        who: &Principal,
        template_ref: &EntityRef,
    ) -> Result<TemplateSource> {
        let name = template_ref.to_string();
        self.require(who, Action::TemplateRead, &Resource::Template(&name))?;
        let spec = self.template_spec(who, template_ref).await?;
        let location = spec.base_url.unwrap_or_default();
        let target = location.split_once(':').map_or("", |(_, target)| target);
        let fetch = TemplateFetch {
            who: who.clone(),
            scm: self.0.scm.clone(),
            sources: self.catalog().sources().clone(),
            beside: None,
        };
        let found = fetch.template(&location).await;
        let found = found.map_err(|reason| TasksError::Input(format!("{location}: {reason}")))?;
        let (repository, path) = match repository(target) {
            Some((repository, _, path)) => (Some(repository), Some(path)),
            None => (None, None),
        };
        Ok(TemplateSource {
            text: String::from_utf8_lossy(&found.content).into_owned(),
            location,
            repository,
            path,
        })
    }

    /// Proposes a draft to a repository. One that is no template is refused.
    pub async fn propose_draft(
        &self,
        who: &Principal,
        draft: ProposedDraft,
    ) -> Result<ChangeRequest> {
        let entity = yaml::parse_single(&draft.text, &Limits::default())
            .map_err(|error| TasksError::Input(error.to_string()))?;
        let template = crate::template::parse(&entity)?;
        let scm = self.0.scm.as_ref();
        let scm = scm.ok_or_else(|| TasksError::NotFound("a host of repositories".to_owned()))?;
        let mark = hex::encode(&Sha256::digest(draft.text.as_bytes())[..4]);
        let proposal = Proposal {
            branch: format!("template-{}-{mark}", template.name),
            title: draft.title,
            body: draft.body,
            edits: vec![Edit::Write {
                path: draft.path,
                content: draft.text.into_bytes(),
            }],
            via: Some("the template editor".to_owned()),
            ..Proposal::default()
        };
        Ok(scm.propose(who, &draft.repository, &proposal).await?)
    }

    /// What is wrong with expressions of steps and of the output, before they are evaluated.
    fn expressions_of(&self, entity: &Value, text: &str) -> Vec<DraftProblem> {
        let mut problems = Vec::new();
        for part in ["steps", "output"] {
            let pointer = format!("/spec/{part}");
            if let Some(value) = entity.pointer(&pointer) {
                self.compile_all(value, &pointer, text, &mut problems);
            }
        }
        problems
    }

    fn compile_all(
        &self,
        value: &Value,
        pointer: &str,
        text: &str,
        problems: &mut Vec<DraftProblem>,
    ) {
        match value {
            Value::String(source) => {
                if let Err(error) = self.0.engine.compile(source) {
                    problems.push(DraftProblem {
                        line: yaml::locate(text, pointer).map(|it| it.line),
                        message: format!("{}: {error}", portico_model::pointer::dotted(pointer)),
                    });
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let pointer = portico_model::pointer::join(pointer, &at.to_string());
                    self.compile_all(item, &pointer, text, problems);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    let pointer = portico_model::pointer::join(pointer, name);
                    self.compile_all(field, &pointer, text, problems);
                }
            }
            _ => {}
        }
    }
}

/// Where an error is, as JSON pointers: the closest first.
fn places(template: &Template, error: &TaskError) -> Vec<String> {
    let (step, fields) = match error {
        TaskError::UnknownAction { step, .. } => (step, vec!["action".to_owned()]),
        TaskError::Input { step, field, .. } => {
            let name = field.split(['.', '[']).nth(1);
            let name = name.map(|name| format!("input/{name}"));
            (step, name.into_iter().chain(["input".to_owned()]).collect())
        }
        _ => return Vec::new(),
    };
    let at = template.steps.iter().position(|it| it.id == *step);
    let pointers = at.into_iter().flat_map(|at| {
        let fields = fields.iter();
        fields.map(move |field| format!("/spec/steps/{at}/{field}"))
    });
    pointers.collect()
}
