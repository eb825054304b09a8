//! Scaffolder actions.

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{Context as _, Result};

/// One step of a template, or a button on an entity's page.
///
/// ```
/// use portico_plugin_sdk::{Action, Call, Result, export, workspace};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// What to write.
/// #[derive(Deserialize, JsonSchema)]
/// struct Input {
///     /// The file, relative to the workspace.
///     path: String,
///     /// What is in it.
///     text: String,
/// }
///
/// #[derive(Serialize, JsonSchema)]
/// struct Output {
///     /// In bytes.
///     size: usize,
/// }
///
/// struct WriteFile;
///
/// impl Action for WriteFile {
///     type Input = Input;
///     type Output = Output;
///
///     fn run(input: Input, _call: Call) -> Result<Output> {
///         workspace::write(&input.path, &input.text)?;
///         Ok(Output { size: input.text.len() })
///     }
/// }
///
/// export!(WriteFile as Action);
/// ```
pub trait Action {
    /// What it takes. The JSON Schema becomes the form that people fill in: describe each field
    /// with a doc comment.
    type Input: DeserializeOwned + JsonSchema;
    /// What it gives to the steps after it.
    type Output: Serialize + JsonSchema;

    /// Does it. In a dry run nothing outside the workspace changes, whatever this does: Portico
    /// records what would be done.
    fn run(input: Self::Input, call: Call) -> Result<Self::Output>;
}

/// How an action is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// Nothing is to change outside the workspace.
    pub dry_run: bool,
}

/// The JSON Schemas of an action, as its manifest has them.
pub(crate) fn schemas<A: Action>() -> Value {
    json!({
        "input": schemars::schema_for!(A::Input),
        "output": schemars::schema_for!(A::Output),
    })
}

/// Runs an action on JSON, as Portico does.
pub(crate) fn run_json<A: Action>(input: &str, call: Call) -> Result<String> {
    let input = serde_json::from_str(input).context("the input does not fit the schema")?;
    let output = A::run(input, call)?;
    serde_json::to_string(&output).context("the output cannot be written as JSON")
}
