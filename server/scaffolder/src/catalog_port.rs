//! The catalog, as actions see it.

use async_trait::async_trait;
use portico_model::EntityRef;
use serde_json::Value;

/// The catalog with the rights of whoever runs the task.
#[async_trait]
pub trait CatalogPort: Send + Sync {
    /// An entity; `None` when there is none, or it may not be seen.
    async fn entity(&self, entity_ref: &EntityRef) -> Result<Option<Value>, String>;

    /// Registers a location of type `url`, and says which entity it delivers, if it is known
    /// already. `Ok(None)` as well for one that is registered already.
    async fn register(&self, url: &str) -> Result<Option<EntityRef>, String>;
}
