//! Pointing a registration somewhere else.

use portico_access::Principal;
use portico_store::{LocationRow, SourceKey};
use uuid::Uuid;

use crate::{Catalog, OnConflict, error::Result};

impl Catalog {
    /// Registers `key` in place of an earlier registration, with a new id.
    pub async fn replace_location(
        &self,
        who: &Principal,
        id: Uuid,
        key: &SourceKey,
    ) -> Result<LocationRow> {
        let old = self.location(who, id).await?;
        if old.key == *key {
            return Ok(old);
        }
        // Asked before the new one is there: a refusal must change nothing.
        self.require_unregister(who, &old).await?;
        let new = self.register_location(who, key, OnConflict::Reject).await?;
        self.unregister_location(who, id).await?;
        Ok(new.location)
    }
}
