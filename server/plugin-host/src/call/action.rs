//! Calls of scaffolder actions.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wasmtime::Store;

use super::failure::wrong_world;
use super::{Failure, Invocation, Outcome, instantiate, json};
use crate::bindings::exports::portico::plugin::action as wit;
use crate::exports::Exports;
use crate::plugin::Plugin;
use crate::store::{CallContext, CallState};
use crate::{CallError, PluginHost, text};

/// What an action says it takes and returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionSchema {
    /// JSON Schema of the input.
    pub input: Value,
    /// JSON Schema of the output.
    pub output: Value,
}

struct Schema;

struct Run {
    input: String,
}

impl PluginHost {
    /// Asks an action for its schemas.
    pub async fn call_schema(&self, plugin: &Plugin) -> Outcome<ActionSchema> {
        self.run(plugin, CallContext::default(), Schema).await
    }

    /// Runs an action; a dry run when the context has a recorder. The input was validated against
    /// the schema; the output is yours to validate.
    pub async fn call_action(
        &self,
        plugin: &Plugin,
        context: CallContext,
        input: &Value,
    ) -> Outcome<Value> {
        let input = input.to_string();
        self.run(plugin, context, Run { input }).await
    }
}

impl Invocation for Schema {
    type Output = ActionSchema;

    async fn invoke(
        self,
        plugin: &Plugin,
        store: &mut Store<CallState>,
    ) -> Result<Self::Output, Failure> {
        let Exports::Action(indices) = &plugin.exports else {
            return Err(wrong_world(plugin));
        };
        let instance = instantiate(plugin, store).await?;
        let guest = indices.load(&mut *store, &instance)?;
        let schema = guest.call_schema(store).await?;
        let schema = json("the schema", &schema, plugin.limits())?;
        serde_json::from_value(schema)
            .map_err(|error| CallError::bad_output(format!("the schema: {error}")).into())
    }
}

impl Invocation for Run {
    type Output = Value;

    async fn invoke(
        self,
        plugin: &Plugin,
        store: &mut Store<CallState>,
    ) -> Result<Self::Output, Failure> {
        let Exports::Action(indices) = &plugin.exports else {
            return Err(wrong_world(plugin));
        };
        let instance = instantiate(plugin, store).await?;
        let guest = indices.load(&mut *store, &instance)?;
        let call = wit::Call {
            input: self.input,
            dry_run: store.data().context.dry_run.is_some(),
        };
        match guest.call_run(store, &call).await? {
            Ok(output) => Ok(json("the output", &output, plugin.limits())?),
            Err(message) => Err(failed(&message)),
        }
    }
}

/// The plugin's own words, fit for people.
pub(super) fn failed(message: &str) -> Failure {
    Failure::Known(CallError::Failed {
        message: text::paragraph(message, 4_000),
    })
}
