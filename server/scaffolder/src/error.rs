//! Why a task, an action or a workspace did not do what was asked. Messages contain those of
//! their causes, so causes are no sources: nothing is said twice.

use portico_templating::TemplateError;

use crate::ApprovalNeeded;

/// Why a task failed. Each variant names the step.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// A step names an action that there is none of.
    #[error("step \"{step}\": there is no action \"{action}\"{}", suggestion.as_ref().map_or_else(String::new, |it| format!("; did you mean \"{it}\"?")))]
    UnknownAction {
        /// The step.
        step: String,
        /// The action.
        action: String,
        /// The action that was probably meant.
        suggestion: Option<String>,
    },
    /// An expression of a step cannot be read or evaluated.
    #[error("step \"{step}\": {error}")]
    Expression {
        /// The step.
        step: String,
        /// What is wrong, with field and line.
        error: Box<TemplateError>,
    },
    /// The input does not satisfy the action's schema.
    #[error("step \"{step}\": {field} {problem}")]
    Input {
        /// The step.
        step: String,
        /// The field, as in `input.values.name`.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The action failed.
    #[error("step \"{step}\": {error}")]
    Action {
        /// The step.
        step: String,
        /// What happened.
        error: Box<ActionError>,
    },
    /// It failed before it was interrupted; the text is that of then.
    #[error("{0}")]
    Earlier(String),
    /// Somebody stopped the task.
    #[error("the task was cancelled")]
    Cancelled,
    /// Somebody has to agree first. The task has not ended: it runs on with the decision.
    #[error("{} has to agree first", .0.by.join(" or "))]
    Waiting(Box<ApprovalNeeded>),
    /// Who had to agree did not.
    #[error("{}{reason}", step.as_ref().map_or_else(String::new, |it| format!("step \"{it}\": ")))]
    NotApproved {
        /// The step; none for the whole template.
        step: Option<String>,
        /// Who said what, or that nobody did in time.
        reason: String,
    },
    /// The output of the template cannot be rendered.
    #[error("output: {0}")]
    Output(Box<TemplateError>),
    /// The state could not be kept, so going on could do a step twice.
    #[error("the state of the task could not be saved: {0}")]
    Store(String),
}

/// Why an action failed.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The input is wrong in a way that no schema says; the text says what to write.
    #[error("{0}")]
    Input(String),
    /// The workspace refused.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A file that is a template cannot be rendered.
    #[error(transparent)]
    Template(Box<TemplateError>),
    /// Files of a template could not be fetched.
    #[error("{url} cannot be fetched: {reason}")]
    Fetch {
        /// What was to be fetched.
        url: String,
        /// Why not, and what to do.
        reason: String,
    },
    /// Something outside failed: the catalog, a host.
    #[error("{0}")]
    Failed(String),
    /// The task was cancelled while the action worked.
    #[error("cancelled")]
    Cancelled,
}

/// Why a workspace refuses.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// A path that leaves the workspace or is not plain.
    #[error("{path:?} is not a path in the workspace: write it from its root, without \"..\"")]
    Path {
        /// The path.
        path: String,
    },
    /// There is no such file.
    #[error("there is no {path} in the workspace")]
    NotFound {
        /// The path.
        path: String,
    },
    /// There is a file already.
    #[error("{path} is there already; set overwrite or replace")]
    Exists {
        /// The path.
        path: String,
    },
    /// More than a workspace may hold.
    #[error("the workspace holds more than {limit}")]
    Quota {
        /// The limit, with its unit.
        limit: String,
    },
    /// A glob that cannot be read.
    #[error("{glob:?} is not a glob: {reason}")]
    Glob {
        /// The glob.
        glob: String,
        /// Why not.
        reason: String,
    },
    /// The file system failed.
    #[error("{path}: {error}")]
    Io {
        /// The path.
        path: String,
        /// What happened.
        error: std::io::Error,
    },
}

impl From<TemplateError> for ActionError {
    fn from(error: TemplateError) -> Self {
        Self::Template(Box::new(error))
    }
}
