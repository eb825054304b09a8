//! What only one may do, whichever replica gets to it first.

use crate::{Millis, Store, StoreError, engine::execute};

impl Store {
    /// Whether the caller is the first to claim `key`; nobody else is until `until`.
    pub async fn claim_once(
        &self,
        key: &str,
        now: Millis,
        until: Millis,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        execute!(tx, "delete from once where until <= $1", now)?;
        let claimed = execute!(
            tx,
            "insert into once (key, until) values ($1, $2) on conflict (key) do nothing",
            key,
            until
        )?;
        tx.commit().await?;
        Ok(claimed == 1)
    }
}
