//! Catalog providers.

use crate::{Entity, Result};

/// Brings entities from somewhere into the catalog.
///
/// Portico calls [`Provider::read`] until a batch is the last one, and then owns what it got:
/// entities that a complete pass did not bring are removed.
///
/// ```
/// use portico_plugin_sdk::{Batch, Entity, Position, Provider, Result, export, json};
///
/// struct OneTeam;
///
/// impl Provider for OneTeam {
///     fn read(_position: Position) -> Result<Batch> {
///         let team = json!({
///             "apiVersion": "backstage.io/v1alpha1", "kind": "Group",
///             "metadata": {"name": "platform"}, "spec": {"type": "team", "children": []},
///         });
///         Ok(Batch::last([Entity::from(team)]))
///     }
/// }
///
/// export!(OneTeam as Provider);
/// ```
pub trait Provider {
    /// Reads one batch. An error ends the pass, and nothing changes.
    fn read(position: Position) -> Result<Batch>;
}

/// Where a batch begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// A complete pass begins.
    Start,
    /// A pass of only what changed since this checkpoint begins.
    Since(String),
    /// The pass goes on where the last batch ended.
    Next(String),
}

/// One batch of a pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// As they would be written in `catalog-info.yaml`.
    pub entities: Vec<Entity>,
    /// References of entities that are gone; only of use in an incremental pass.
    pub removed: Vec<String>,
    /// Where the next batch begins; none ends the pass.
    pub next: Option<String>,
    /// Where the next pass may begin, to bring only what changed since; none makes it a complete
    /// one again.
    pub checkpoint: Option<String>,
}

impl Batch {
    /// A batch that ends the pass.
    pub fn last(entities: impl IntoIterator<Item = Entity>) -> Self {
        Self {
            entities: entities.into_iter().collect(),
            ..Self::default()
        }
    }

    /// More follows, from here.
    #[must_use]
    pub fn then(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// The next pass may bring only what changed since here.
    #[must_use]
    pub fn with_checkpoint(mut self, checkpoint: impl Into<String>) -> Self {
        self.checkpoint = Some(checkpoint.into());
        self
    }

    /// These are gone.
    #[must_use]
    pub fn without(mut self, removed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.removed.extend(removed.into_iter().map(Into::into));
        self
    }
}
