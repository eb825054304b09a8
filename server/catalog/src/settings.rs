//! A person's own settings: starred entities, table columns.

use portico_access::{Action, Principal, Resource};
use serde_json::{Value, json};

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
        let grounds = self.require(who, Action::OwnSettings, &Resource::Any)?;
        // What it is set to is nobody else's business.
        let details = json!({"bucket": bucket, "key": key, "removed": value.is_none()});
        let action = Action::OwnSettings;
        let event = Self::audit(who, action, &Resource::Any, grounds, details);
        let (store, whose) = (self.store(), who.label());
        match value {
            Some(value) => {
                store
                    .put_setting(&whose, bucket, key, &value, &event)
                    .await?;
            }
            None => store.delete_setting(&whose, bucket, key, &event).await?,
        }
        Ok(())
    }
}
