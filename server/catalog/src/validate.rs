//! Checking a document without storing it.

use portico_access::{Action, Principal, Resource};
use portico_model::{Entity, KnownKinds, Violation, validate_entity};
use serde_json::Value;

use crate::{Catalog, error::Result};

impl Catalog {
    /// Whether `document` would be accepted: the entity as it would be stored, or
    /// everything wrong with it.
    pub fn validate(
        &self,
        who: &Principal,
        document: Value,
    ) -> Result<std::result::Result<Entity, Vec<Violation>>> {
        self.require(who, Action::EntityValidate, &Resource::Any)?;
        let known = KnownKinds::with_extra(&self.config().catalog.extra_kinds);
        Ok(validate_entity(document, &known))
    }
}
