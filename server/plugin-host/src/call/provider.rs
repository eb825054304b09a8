//! Calls of catalog providers.

use serde_json::Value;
use wasmtime::Store;

use super::action::failed;
use super::failure::wrong_world;
use super::{Failure, Invocation, Outcome, bounded, instantiate, json};
use crate::bindings::exports::portico::plugin::provider as wit;
use crate::exports::Exports;
use crate::plugin::Plugin;
use crate::store::{CallContext, CallState};
use crate::{CallError, Limits, PluginHost};

/// Where a batch begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// A complete pass begins.
    Start,
    /// A pass of what changed since a checkpoint begins.
    Since(String),
    /// The pass goes on where the last batch ended.
    Next(String),
}

/// Some entities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Objects; nothing else of them was validated.
    pub entities: Vec<Value>,
    /// References of entities that are gone.
    pub removed: Vec<String>,
    /// Where the next batch begins; the pass is over when none.
    pub next: Option<String>,
    /// Where the next pass may begin.
    pub checkpoint: Option<String>,
}

struct Read(wit::Position);

impl PluginHost {
    /// Reads one batch.
    pub async fn call_provider(
        &self,
        plugin: &Plugin,
        context: CallContext,
        position: Position,
    ) -> Outcome<Batch> {
        let position = match position {
            Position::Start => wit::Position::Start,
            Position::Since(checkpoint) => wit::Position::Since(checkpoint),
            Position::Next(cursor) => wit::Position::Next(cursor),
        };
        self.run(plugin, context, Read(position)).await
    }
}

impl Invocation for Read {
    type Output = Batch;

    async fn invoke(
        self,
        plugin: &Plugin,
        store: &mut Store<CallState>,
    ) -> Result<Self::Output, Failure> {
        let Exports::Provider(indices) = &plugin.exports else {
            return Err(wrong_world(plugin));
        };
        let instance = instantiate(plugin, store).await?;
        let guest = indices.load(&mut *store, &instance)?;
        match guest.call_read(store, &self.0).await? {
            Ok(batch) => Ok(checked(batch, plugin.limits())?),
            Err(message) => Err(failed(&message)),
        }
    }
}

fn checked(batch: wit::Batch, limits: &Limits) -> Result<Batch, CallError> {
    let limit = limits.entities as usize;
    if batch.entities.len() > limit || batch.removed.len() > limit {
        return Err(CallError::bad_output(format!(
            "more than {limit} entities in one batch"
        )));
    }
    for cursor in [&batch.next, &batch.checkpoint].into_iter().flatten() {
        bounded("a cursor", cursor, limits)?;
    }
    let entities = batch.entities.iter().map(|text| {
        let entity = json("an entity", text, limits)?;
        match entity.is_object() {
            true => Ok(entity),
            false => Err(CallError::bad_output("an entity is not a JSON object")),
        }
    });
    Ok(Batch {
        entities: entities.collect::<Result<_, _>>()?,
        removed: batch.removed,
        next: batch.next,
        checkpoint: batch.checkpoint,
    })
}
