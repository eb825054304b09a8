//! Compiling and rendering.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::{
    Extensions, Limits, Result, Syntax,
    ast::{Body, Expr, Node},
    error::TemplateError,
    machine::Machine,
    parse::parse,
    resolve::resolve,
    value::{Record, Value},
};

/// A template language: marks, limits, and what the host adds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Engine {
    syntax: Syntax,
    limits: Limits,
    extensions: Arc<Extensions>,
    strict: bool,
}

/// A template that has been read. Rendering it takes no parsing.
#[derive(Clone, Debug)]
pub struct Template {
    body: Arc<Body>,
}

/// The variables of a template. Cheap to clone: make one, render many.
#[derive(Clone, Debug)]
pub struct Context(Arc<Record>);

impl Context {
    /// The fields of a JSON object; nothing for other JSON. Fails when there is too much.
    pub fn new(variables: &Json) -> Result<Self> {
        let record = match variables {
            Json::Object(_) => Value::from_json(variables),
            _ => Value::record(Vec::new()),
        };
        match record {
            Ok(Value::Record(record)) => Ok(Self(record)),
            Ok(_) => Self::new(&Json::Null),
            Err(problem) => Err(TemplateError {
                place: crate::Place::default(),
                problem,
            }),
        }
    }

    pub(crate) fn record(&self) -> &Record {
        &self.0
    }
}

impl Engine {
    /// Nunjucks and nothing else, with these marks.
    pub fn new(syntax: Syntax) -> Self {
        Self {
            syntax,
            limits: Limits::default(),
            extensions: Arc::default(),
            strict: false,
        }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same with filters and functions of the host.
    #[must_use]
    pub fn with_extensions(mut self, extensions: Extensions) -> Self {
        self.extensions = Arc::new(extensions);
        self
    }

    /// The same with other marks.
    #[must_use]
    pub fn with_syntax(mut self, syntax: Syntax) -> Self {
        self.syntax = syntax;
        self
    }

    /// The same, where a variable that is not there is an error. Otherwise it prints nothing.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// What the host has added.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    /// The marks.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// Reads a template.
    pub fn compile(&self, source: &str) -> Result<Template> {
        let body = Arc::new(resolve(parse(source, &self.syntax)?)?);
        Ok(Template { body })
    }

    /// What a template prints.
    pub fn render(&self, source: &str, context: &Context) -> Result<String> {
        if self.syntax.is_plain(source) {
            return Ok(source.to_owned());
        }
        self.compile(source)?.render(self, context)
    }

    /// The value of a template: of a lone `${{ expression }}` with the type that it has, of
    /// everything else the text. `None` when a lone expression has no value.
    pub fn evaluate(&self, source: &str, context: &Context) -> Result<Option<Json>> {
        if self.syntax.is_plain(source) {
            return Ok(Some(Json::String(source.to_owned())));
        }
        self.compile(source)?.evaluate(self, context)
    }
}

impl Template {
    /// What it prints.
    pub fn render(&self, engine: &Engine, context: &Context) -> Result<String> {
        Machine::new(engine, context).render(&self.body)
    }

    /// The value, as [`Engine::evaluate`] has it.
    pub fn evaluate(&self, engine: &Engine, context: &Context) -> Result<Option<Json>> {
        match self.lone_expression() {
            None => self
                .render(engine, context)
                .map(|text| Some(Json::String(text))),
            Some(expr) => {
                let value = Machine::new(engine, context).evaluate(&self.body, expr)?;
                Ok(value.to_json())
            }
        }
    }

    fn lone_expression(&self) -> Option<&Expr> {
        match self.body.nodes.as_slice() {
            [Node::Output(expr)] => Some(expr),
            _ => None,
        }
    }
}
