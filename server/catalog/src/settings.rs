//! A person's own settings: starred entities, table columns.

use portico_access::{Action, Principal, Resource};
use serde_json::Value;

use crate::{Catalog, error::Result};

impl Catalog {
    /// All settings in one bucket.
    pub async fn settings(&self, who: &Principal, bucket: &str) -> Result<Vec<(String, Value)>> {
        self.require(who, Action::OwnSettings, &Resource::Any)?;
        Ok(self.store().get_settings(&who.label(), bucket).await?)
    }

    /// Sets one value, or removes it when `value` is `None`.
    pub async fn put_setting(
        &self,
        who: &Principal,
        bucket: &str,
        key: &str,
        value: Option<Value>,
    ) -> Result<()> {
        self.require(who, Action::OwnSettings, &Resource::Any)?;
        match value {
            Some(value) => {
                self.store()
                    .put_setting(&who.label(), bucket, key, &value)
                    .await?;
            }
            None => {
                self.store()
                    .delete_setting(&who.label(), bucket, key)
                    .await?;
            }
        }
        Ok(())
    }
}
