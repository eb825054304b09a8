//! What plugins remember from one call to the next.

use crate::{
    Store, StoreError,
    engine::{execute, fetch_all, fetch_one, fetch_optional},
};

/// A value of a plugin.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StateValue {
    /// The value.
    pub value: Vec<u8>,
    /// Another one whenever it is written, also after a removal; never 0.
    pub version: i64,
}

/// Why a value was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateRefusal {
    /// Another version is there: this one, 0 for none.
    Conflict(i64),
    /// The plugin would keep more than it may.
    TooMuch,
}

impl Store {
    /// The value of a key.
    pub async fn plugin_state(
        &self,
        plugin_id: &str,
        key: &str,
    ) -> Result<Option<StateValue>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            "select value, version from plugin_state where plugin_id = $1 and key = $2",
            plugin_id,
            key
        )?)
    }

    /// Writes a value, or removes it. `expected`: the version that has to be there (0: none).
    /// `quota`: bytes of all keys and values of the plugin together. The new version, 0 after
    /// a removal.
    pub async fn set_plugin_state(
        &self,
        plugin_id: &str,
        key: &str,
        value: Option<&[u8]>,
        expected: Option<i64>,
        quota: i64,
    ) -> Result<Result<i64, StateRefusal>, StoreError> {
        let mut tx = self.begin().await?;
        // Writers of one plugin take turns: this row is what they hold. What is refused below is
        // rolled back, and leaves no gap.
        let (next,): (i64,) = fetch_one!(
            tx,
            "insert into plugin_state_version (plugin_id, version) values ($1, 1)
             on conflict (plugin_id) do update set version = plugin_state_version.version + 1
             returning version",
            plugin_id
        )?;
        let found: Option<(i64,)> = fetch_optional!(
            tx,
            "select version from plugin_state where plugin_id = $1 and key = $2",
            plugin_id,
            key
        )?;
        let current = found.map_or(0, |(version,)| version);
        if expected.is_some_and(|expected| expected != current) {
            return Ok(Err(StateRefusal::Conflict(current)));
        }
        let Some(value) = value else {
            execute!(
                tx,
                "delete from plugin_state where plugin_id = $1 and key = $2",
                plugin_id,
                key
            )?;
            tx.commit().await?;
            return Ok(Ok(0));
        };
        let (others,): (Option<i64>,) = fetch_one!(
            tx,
            "select cast(sum(length(value) + length(key)) as bigint) from plugin_state
             where plugin_id = $1 and key <> $2",
            plugin_id,
            key
        )?;
        if others.unwrap_or(0) + (value.len() + key.len()) as i64 > quota {
            return Ok(Err(StateRefusal::TooMuch));
        }
        execute!(
            tx,
            "insert into plugin_state (plugin_id, key, value, version) values ($1, $2, $3, $4)
             on conflict (plugin_id, key) do update set value = excluded.value,
                 version = excluded.version",
            plugin_id,
            key,
            value,
            next
        )?;
        tx.commit().await?;
        Ok(Ok(next))
    }

    /// The keys that begin with `prefix`, in order.
    pub async fn plugin_state_keys(
        &self,
        plugin_id: &str,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let mut db = self.read().await?;
        let rows: Vec<(String,)> = fetch_all!(
            db,
            "select key from plugin_state
             where plugin_id = $1 and substr(key, 1, length($2)) = $2
             order by key limit $3",
            plugin_id,
            prefix,
            limit as i64
        )?;
        Ok(rows.into_iter().map(|(key,)| key).collect())
    }
}
